import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import * as operations from '../../src/gitlab/generated/operations.ts';
import { complexity } from '../../src/gitlab/packing/cost.ts';

const PAGE = 'pageInfo{hasNextPage endCursor}';
const FULL = `${PAGE} nodes{id accessLevel{integerValue} expiresAt createdAt user{id username name state bot}}`;
const MIN = `${PAGE} nodes{accessLevel{integerValue} expiresAt user{id}}`;
const ROW = 'nodes{id accessLevel{integerValue} expiresAt group{id fullPath}}';
const ONE = 'nodes{id accessLevel{integerValue} expiresAt}';

function cost(query: string): number {
  return complexity(parse(`{${query}}`), {});
}

describe('complexity points', () => {
  it.each([
    [5, 'group(fullPath:"a"){id fullPath name visibility}'],
    [6, 'project(fullPath:"a"){id fullPath name archived visibility}'],
    [6, 'user(username:"a"){id username name state bot}'],
    [22, `group(fullPath:"a"){id groupMembers(first:100,relations:[DIRECT]){${MIN}}}`],
    [14, `group(fullPath:"a"){id groupMembers(first:20,relations:[DIRECT]){${MIN}}}`],
    [36, `group(fullPath:"a"){id name fullPath groupMembers(first:100,relations:[DIRECT]){${FULL}}}`],
    [28, `group(fullPath:"a"){id name fullPath groupMembers(first:50,relations:[DIRECT]){${FULL}}}`],
    [8, `group(fullPath:"a"){id groupMembers(first:1,ids:["gid://gitlab/User/1"],relations:[DIRECT]){${ONE}}}`],
    [36, `project(fullPath:"a"){id name fullPath projectMembers(first:100,relations:[DIRECT]){${FULL}}}`],
    [24, `groups(ids:["x"],first:100){${PAGE} nodes{id fullPath name visibility parent{id}}}`],
    [48, `groups(ids:["x"],first:20){${PAGE} nodes{id fullPath groupMembers(first:100,relations:[DIRECT]){${FULL}}}}`],
    [80, `groups(ids:["x"],first:100){${PAGE} nodes{id fullPath groupMembers(first:100,relations:[DIRECT]){${FULL}}}}`],
    [18, `projects(fullPaths:["x"],first:50){${PAGE} nodes{id fullPath name archived visibility group{id}}}`],
    [
      46,
      `projects(ids:["x"],first:20){${PAGE} nodes{id fullPath projectMembers(first:100,relations:[DIRECT]){${FULL}}}}`,
    ],
    [24, `users(ids:["x"],first:100){${PAGE} nodes{id username name state bot publicEmail}}`],
    [28, `users(ids:["x"],first:50){${PAGE} nodes{id groupMemberships(first:100){${PAGE} ${ROW}}}}`],
    [17, `group(fullPath:"a"){id descendantGroups(first:100){${PAGE} nodes{id fullPath name visibility parent{id}}}}`],
    [
      42,
      `group(fullPath:"a"){id projects(first:100,includeSubgroups:true){${PAGE} nodes{id fullPath name archived visibility}}}`,
    ],
    [16, `users(search:"x",first:20){${PAGE} nodes{id username name}}`],
    [7, 'currentUser{id username state bot} metadata{version}'],
    [3, 'queryComplexity{limit score}'],
  ])('are %i as GitLab counts them', (points, query) => {
    expect(cost(query)).toBe(points);
  });

  it('count the dearest type where a row may be of several', () => {
    const rows = 'nodes{... on GroupMember{id group{id name}} ... on ProjectMember{id}}';
    expect(cost(`project(fullPath:"a"){projectMembers(first:100){${rows}}}`)).toBe(13);
  });

  it('leave room for the first part of each query', () => {
    expect(complexity(operations.InstanceDocument, {})).toBeLessThanOrEqual(10);
    expect(complexity(operations.CallerDocument, {})).toBe(2);
  });
});
