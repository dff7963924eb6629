import { beforeAll, expect, it } from '@jest/globals';
import type { Caller } from './helpers/http.ts';
import { at, record, rows } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { openWorld } from './helpers/world.ts';
import type { Person } from './helpers/world.ts';

const PROBE = 3;
const PAGE = 'pageInfo{hasNextPage endCursor}';
const FULL = `${PAGE} nodes{id accessLevel{integerValue} expiresAt createdAt user{id username name state bot}}`;
const MIN = `${PAGE} nodes{accessLevel{integerValue} expiresAt user{id}}`;
const PATH = '"gatehouse-contract-nowhere"';
const USER = '["gid://gitlab/User/1"]';
const GROUPS = '["gid://gitlab/Group/1"]';
const PROJECTS = '["gid://gitlab/Project/1"]';

/** Shapes and their scores: field 1 + children, a resolver's sum raised by 1 % for each row of its page, and so on. */
const SHAPES: readonly (readonly [string, number, string])[] = [
  ['the current user with metadata', 8, 'currentUser{id username state bot} metadata{version enterprise}'],
  ['a group by path', 5, `group(fullPath:${PATH}){id fullPath name visibility}`],
  ['a project by path', 6, `project(fullPath:${PATH}){id fullPath name archived visibility}`],
  ['a user by username', 6, 'user(username:"a"){id username name state bot}'],
  [
    'the own level on a group from all sources',
    8,
    `group(fullPath:${PATH}){id userPermissions{adminAllResources} groupMembers(ids:${USER},relations:[DIRECT,INHERITED,SHARED_FROM_GROUPS],first:1){nodes{accessLevel{integerValue}}}}`,
  ],
  [
    'one membership',
    8,
    `group(fullPath:${PATH}){id groupMembers(first:1,ids:${USER},relations:[DIRECT]){nodes{id accessLevel{integerValue} expiresAt}}}`,
  ],
  ['100 members in short', 22, `group(fullPath:${PATH}){id groupMembers(first:100,relations:[DIRECT]){${MIN}}}`],
  ['20 members in short', 14, `group(fullPath:${PATH}){id groupMembers(first:20,relations:[DIRECT]){${MIN}}}`],
  [
    '100 members in full',
    36,
    `group(fullPath:${PATH}){id name fullPath groupMembers(first:100,relations:[DIRECT]){${FULL}}}`,
  ],
  [
    '50 members in full',
    28,
    `group(fullPath:${PATH}){id name fullPath groupMembers(first:50,relations:[DIRECT]){${FULL}}}`,
  ],
  [
    'members without a page size, as for 100',
    36,
    `group(fullPath:${PATH}){id name fullPath groupMembers(relations:[DIRECT]){${FULL}}}`,
  ],
  [
    '100 project members in full',
    36,
    `project(fullPath:${PATH}){id name fullPath projectMembers(first:100,relations:[DIRECT]){${FULL}}}`,
  ],
  ['100 groups', 24, `groups(ids:${GROUPS},first:100){${PAGE} nodes{id fullPath name visibility parent{id}}}`],
  [
    '20 groups with 100 members each',
    48,
    `groups(ids:${GROUPS},first:20){${PAGE} nodes{id fullPath groupMembers(first:100,relations:[DIRECT]){${FULL}}}}`,
  ],
  [
    '100 projects',
    24,
    `projects(ids:${PROJECTS},first:100){${PAGE} nodes{id fullPath name archived visibility namespace{id}}}`,
  ],
  [
    '20 projects with 100 members each',
    46,
    `projects(ids:${PROJECTS},first:20){${PAGE} nodes{id fullPath projectMembers(first:100,relations:[DIRECT]){${FULL}}}}`,
  ],
  ['100 users', 24, `users(ids:${USER},first:100){${PAGE} nodes{id username name state bot publicEmail}}`],
  [
    '50 users with their group memberships',
    28,
    `users(ids:${USER},first:50){${PAGE} nodes{id groupMemberships(first:100){${PAGE} nodes{id accessLevel{integerValue} expiresAt group{id fullPath}}}}}`,
  ],
  [
    "a group's tree, at a fixed cost",
    17,
    `group(fullPath:${PATH}){id descendantGroups(first:100){${PAGE} nodes{id fullPath name visibility parent{id}}}}`,
  ],
  [
    "a group's projects",
    42,
    `group(fullPath:${PATH}){id projects(first:100,includeSubgroups:true){${PAGE} nodes{id fullPath name archived visibility}}}`,
  ],
];

const world = openWorld();
let alice: Person;

beforeAll(async () => {
  alice = await world.person('alice');
});

const score = async (call: Caller, fields: string) => {
  const answer = await call.graphql(`{queryComplexity{limit score} ${fields}}`);
  return Number(at(answer.json, 'data', 'queryComplexity', 'score')) - PROBE;
};
const group = 'g:group(fullPath:"x"){id fullPath name visibility}';
const GROUP_COST = 5;
const groups = (count: number) =>
  Array.from({ length: count }, (_, index) => group.replace('g:', `g${String(index)}:`)).join(' ');

contract('graphql: complexity', () => {
  it('the probe alone costs 3', async () => {
    expect(await score(alice.call, '')).toBe(0);
  });

  it.each(SHAPES)('%s: %i', async (_, cost, fields) => {
    expect(await score(alice.call, fields)).toBe(cost);
  });

  it('a search costs five more, a page size beyond 100 no more than 100', async () => {
    const plain = await score(alice.call, 'users(first:20){nodes{id}}');
    expect(plain).toBe(Math.floor(4 * 1.2));
    expect(await score(alice.call, 'users(search:"abc",first:20){nodes{id}}')).toBe(Math.floor(9 * 1.2));
    expect(await score(alice.call, 'users(first:1000){nodes{id}}')).toBe(
      await score(alice.call, 'users(first:100){nodes{id}}'),
    );
  });

  it('an alias counts each time, a fragment nothing itself, __typename one', async () => {
    expect(await score(alice.call, groups(7))).toBe(7 * GROUP_COST);
    expect(await score(alice.call, 'currentUser{... on CurrentUser{id}}')).toBe(2);
    expect(await score(alice.call, 'currentUser{id __typename}')).toBe(3);
  });

  it('the length of a list of ids costs nothing', async () => {
    const ids = (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, index) => `gid://gitlab/User/${String(index + 1)}`));
    const fields = (count: number) => `users(ids:${ids(count)},first:100){nodes{id}}`;
    expect(await score(alice.call, fields(90))).toBe(await score(alice.call, fields(1)));
  });
});

contract('graphql: complexity limits', () => {
  it.each([
    ['anonymous', 200],
    ['signed in', 250],
    ['administrator', 300],
  ])('%s: %i, told by the probe', async (who, limit) => {
    const call = who === 'anonymous' ? world.anonymous : who === 'administrator' ? world.admin : alice.call;
    const told = await call.graphql('{queryComplexity{limit}}');
    expect(at(told.json, 'data', 'queryComplexity', 'limit')).toBe(limit);
    expect(record((await call.graphql(`{${groups(limit / GROUP_COST)}}`)).json)).not.toHaveProperty('errors');
    const over = await call.graphql(`{currentUser{id} ${groups(limit / GROUP_COST)}}`);
    expect(over.status).toBe(200);
    expect(over.json).toEqual({
      errors: [
        { message: `Query has complexity of ${String(limit + 2)}, which exceeds max complexity of ${String(limit)}` },
      ],
    });
  });

  it('a batch is held to the same limit in sum, and fails as a whole', async () => {
    const half = 26;
    const body = [{ query: `{${groups(half)}}` }, { query: `{${groups(half)}}` }];
    const answer = await alice.call.raw('POST', '/api/graphql', { body });
    expect(answer.status).toBe(200);
    const results = rows(answer.json);
    expect(results).toHaveLength(2);
    for (const result of results) {
      expect(result).not.toHaveProperty('data');
      expect(at(result, 'errors', 0, 'message')).toEqual(expect.stringContaining('exceeds max complexity of 250'));
    }
  });
});
