import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { complexityOf } from '../../sandbox/graphql/complexity.ts';
import { buildSlice } from '../../sandbox/graphql/schema.ts';
import { fragmentsOf } from '../../sandbox/graphql/selections.ts';
import { isOperation } from '../../sandbox/graphql/variables.ts';
import { TOKENS } from '../../sandbox/seed/index.ts';
import { startHarness } from './graphql-harness.ts';
import type { Harness } from './graphql-harness.ts';

const PAGE = 'pageInfo{hasNextPage endCursor}';
const FULL = `${PAGE} nodes{id accessLevel{integerValue} expiresAt createdAt user{id username name state bot}}`;
const MIN = `${PAGE} nodes{accessLevel{integerValue} expiresAt user{id}}`;
const TREE = `${PAGE} nodes{id fullPath name visibility parent{id}}`;
const PROJECTS = `${PAGE} nodes{id fullPath name archived visibility namespace{id}}`;
const PEOPLE = `${PAGE} nodes{id username name state bot publicEmail}`;
const OWN_LEVEL = 'groupMembers(ids:["gid://gitlab/User/1"],relations:[DIRECT,INHERITED,SHARED_FROM_GROUPS],first:1)';
const GROUP_ROWS = `groupMemberships(first:100){${PAGE} nodes{id accessLevel{integerValue} expiresAt group{id}}}`;
const PROJECT_ROWS = `projectMemberships(first:100){${PAGE} nodes{id accessLevel{integerValue} expiresAt project{id}}}`;

const REFERENCE: readonly (readonly [cost: number, selection: string])[] = [
  [5, 'group(fullPath:"a"){id fullPath name visibility}'],
  [6, 'project(fullPath:"a"){id fullPath name archived visibility}'],
  [6, 'user(username:"a"){id username name state bot}'],
  [8, `group(fullPath:"a"){id userPermissions{adminAllResources} ${OWN_LEVEL}{nodes{accessLevel{integerValue}}}}`],
  [22, `group(fullPath:"a"){id groupMembers(first:100,relations:[DIRECT]){${MIN}}}`],
  [14, `group(fullPath:"a"){id groupMembers(first:20,relations:[DIRECT]){${MIN}}}`],
  [36, `group(fullPath:"a"){id name fullPath groupMembers(first:100,relations:[DIRECT]){${FULL}}}`],
  [28, `group(fullPath:"a"){id name fullPath groupMembers(first:50,relations:[DIRECT]){${FULL}}}`],
  [8, 'group(fullPath:"a"){id groupMembers(first:1,ids:["x"]){nodes{id accessLevel{integerValue} expiresAt}}}'],
  [36, `project(fullPath:"a"){id name fullPath projectMembers(first:100,relations:[DIRECT]){${FULL}}}`],
  [24, `groups(ids:["x"],first:100){${TREE}}`],
  [48, `groups(ids:["x"],first:20){${PAGE} nodes{id fullPath groupMembers(first:100){${FULL}}}}`],
  [80, `groups(ids:["x"],first:100){${PAGE} nodes{id fullPath groupMembers(first:100){${FULL}}}}`],
  [24, `projects(ids:["x"],first:100){${PROJECTS}}`],
  [18, `projects(fullPaths:["x"],first:50){${PROJECTS}}`],
  [46, `projects(ids:["x"],first:20){${PAGE} nodes{id fullPath projectMembers(first:100){${FULL}}}}`],
  [24, `users(ids:["x"],first:100){${PEOPLE}}`],
  [24, `users(usernames:["x"],first:100){${PEOPLE}}`],
  [28, `users(ids:["x"],first:50){${PAGE} nodes{id ${GROUP_ROWS.replace('group{id}', 'group{id fullPath}')}}}`],
  [43, `users(ids:["x"],first:50){${PAGE} nodes{id ${GROUP_ROWS} ${PROJECT_ROWS}}}`],
  [17, `group(fullPath:"a"){id descendantGroups(first:100){${TREE}}}`],
  [42, `group(fullPath:"a"){id projects(includeSubgroups:true){${PAGE} nodes{id fullPath name archived visibility}}}`],
  [8, 'currentUser{id username state bot} metadata{version enterprise}'],
  [3, 'queryComplexity{limit score}'],
  [18, `memberRoles(first:100){${PAGE} nodes{id name baseAccessLevel{integerValue}}}`],
];

const BULK = 'groupMemberBulkUpdate(input:{groupId:"x",userIds:["x"],accessLevel:GUEST})';

const schema = buildSlice({ version: '18.9.0-ee' });

function costOf(query: string, variables: Readonly<Record<string, unknown>> = {}): number {
  const document = parse(query);
  const definition = document.definitions.find(isOperation);
  if (!definition) throw new Error('the test has no operation');
  return complexityOf({ schema, definition, fragments: fragmentsOf(document), variables });
}

describe('the complexity of a query', () => {
  it.each(REFERENCE)('is the reference number %i for {%s}', (cost, selection) => {
    expect(costOf(`{${selection}}`)).toBe(cost);
  });

  it('is 2 for a bulk update, and 9 with the members it changed', () => {
    expect(costOf(`mutation{${BULK}{errors}}`)).toBe(2);
    const members = 'groupMembers{id expiresAt accessLevel{integerValue} user{id}}';
    expect(costOf(`mutation{${BULK}{errors ${members}}}`)).toBe(9);
  });

  it('adds up over aliases, counts __typename, and charges fragments nothing', () => {
    const plain = costOf('{group(fullPath:"a"){id name}}');
    expect(costOf('{a:group(fullPath:"a"){id name} b:group(fullPath:"a"){id name}}')).toBe(2 * plain);
    expect(costOf('{group(fullPath:"a"){id name __typename}}')).toBe(plain + 1);
    expect(costOf('{group(fullPath:"a"){...F ...{name}}} fragment F on Group{id}')).toBe(plain);
  });

  it('takes the page size from a variable, and leaves out what @skip and @include leave out', () => {
    const query = 'query($n:Int){group(fullPath:"a"){groupMembers(first:$n){nodes{id}}}}';
    expect(costOf(query, { n: 100 })).toBe(7);
    expect(costOf(query, { n: 1 })).toBe(4);
    expect(costOf('query($y:Boolean!){group(fullPath:"a"){id name @skip(if:$y)}}', { y: true })).toBe(2);
    expect(costOf('query($y:Boolean!){group(fullPath:"a"){id name @include(if:$y)}}', { y: true })).toBe(3);
  });

  it('charges search 5 and a sort 1, also the sort that is only a default', () => {
    const bare = costOf('{projects(first:1){nodes{id}}}');
    expect(costOf('{projects(first:1,sort:"id_asc"){nodes{id}}}')).toBe(bare + 1);
    expect(costOf('{projects(first:1,search:"q"){nodes{id}}}')).toBe(bare + 5);
    expect(costOf('{groups(first:1){nodes{id}}}')).toBe(bare + 1);
  });

  it('counts the dearest possible type where the type is abstract', () => {
    const query = (fragments: string): string =>
      `{project(fullPath:"a"){projectMembers(first:1){nodes{${fragments}}}}}`;
    const dear = query('...on GroupMember{id createdAt expiresAt} ...on ProjectMember{id}');
    expect(costOf(dear)).toBe(costOf(query('id createdAt expiresAt')));
  });
});

describe('the complexity limit', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.sandbox.close());

  const groups = (count: number): string =>
    `{${Array.from({ length: count }, (_, n) => `a${String(n)}:group(fullPath:"acme"){id fullPath name visibility}`).join(' ')}}`;

  it('is 250 for a signed-in user, 300 for an administrator and 200 for nobody', async () => {
    const over = (cost: number, limit: number): string =>
      `Query has complexity of ${String(cost)}, which exceeds max complexity of ${String(limit)}`;
    expect((await harness.ask(groups(50))).errors).toEqual([]);
    expect((await harness.ask(groups(51))).body).toEqual({ errors: [{ message: over(255, 250) }] });
    expect((await harness.ask(groups(60), { token: TOKENS.admin })).errors).toEqual([]);
    expect((await harness.ask(groups(61), { token: TOKENS.admin })).errors[0]?.message).toBe(over(305, 300));
    expect((await harness.ask(groups(41), { token: null })).errors[0]?.message).toBe(over(205, 200));
  });

  it('holds for the sum of a batch, and then every query of it fails', async () => {
    const batch = JSON.stringify([{ query: groups(30) }, { query: groups(21) }]);
    const message = 'Query has complexity of 255, which exceeds max complexity of 250';
    expect((await harness.post(batch)).body).toEqual([{ errors: [{ message }] }, { errors: [{ message }] }]);
  });

  it('can be read back with the score, which includes the question itself', async () => {
    const { data } = await harness.ask('{group(fullPath:"acme"){id} queryComplexity{limit score}}');
    expect(data).toMatchObject({ queryComplexity: { limit: 250, score: 5 } });
  });

  it('follows the setting, so that clients can be made to learn', async () => {
    harness.graphql.complexity.user = 20;
    expect((await harness.ask(groups(5))).errors[0]?.message).toContain('max complexity of 20');
    harness.graphql.complexity.user = 250;
  });
});
