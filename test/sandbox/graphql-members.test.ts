import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addMember, addUser, changeMember, directRow, removeMember } from '../../sandbox/model/index.ts';
import { TOKENS } from '../../sandbox/seed/index.ts';
import { ACCESS_ERROR, startHarness, TODAY } from './graphql-harness.ts';
import type { Harness, WireAnswer } from './graphql-harness.ts';

interface Node {
  readonly __typename: string;
  readonly accessLevel: { readonly integerValue: number };
  readonly expiresAt: string | null;
  readonly user: { readonly username: string } | null;
  readonly group?: { readonly fullPath: string } | null;
}
interface Page {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
interface Answer {
  readonly source: { readonly members: Page | null };
}

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.sandbox.close());

const FIELDS = `{pageInfo{hasNextPage endCursor} nodes{__typename accessLevel{integerValue} expiresAt user{username} ...on GroupMember{group{fullPath}}}}`;

function ofGroup(path: string, args: string, token?: string): Promise<WireAnswer<Answer>> {
  const query = `{source:group(fullPath:"${path}"){members:groupMembers(${args})${FIELDS}}}`;
  return harness.ask<Answer>(query, token === undefined ? {} : { token });
}
function ofProject(path: string, args: string, token?: string): Promise<WireAnswer<Answer>> {
  const query = `{source:project(fullPath:"${path}"){members:projectMembers(${args})${FIELDS}}}`;
  return harness.ask<Answer>(query, token === undefined ? {} : { token });
}
function levels(answer: WireAnswer<Answer>): Record<string, number> {
  const nodes = answer.data.source.members?.nodes ?? [];
  return Object.fromEntries(nodes.map((node) => [node.user?.username ?? 'invited', node.accessLevel.integerValue]));
}

const PAYMENTS = 'acme/platform/payments';
const API = 'acme/platform/payments/api';

describe('members of a group', () => {
  it('are by default direct and inherited ones, one row per user, the highest level winning', async () => {
    const answer = await ofGroup(PAYMENTS, 'first:100');
    expect(levels(answer)).toMatchObject({
      alice: 50,
      gatehouse: 50,
      carol: 40,
      bob: 30,
      erin: 30,
      dave: 30,
      invited: 30,
    });
    const carol = answer.data.source.members?.nodes.filter(({ user }) => user?.username === 'carol');
    expect(carol).toMatchObject([{ group: { fullPath: PAYMENTS } }]);
  });

  it('can be asked for kind by kind, so that direct, inherited and shared rows of one person are told apart', async () => {
    const { users, groups } = harness.fixtures;
    // A root Owner sees a private invited group only as its member.
    const own = addMember(harness.sandbox.world, {
      sourceKind: 'Group',
      sourceId: groups.partners.id,
      userId: users.gatehouse.id,
      accessLevel: 10,
    });
    expect(levels(await ofGroup(PAYMENTS, 'relations:[DIRECT]'))).toEqual({ carol: 40, trent: 40, erin: 30 });
    expect(levels(await ofGroup(PAYMENTS, 'relations:[INHERITED]'))).toMatchObject({ carol: 20, bob: 30 });
    const shared = await ofGroup(PAYMENTS, 'relations:[SHARED_FROM_GROUPS]');
    expect(levels(shared)).toEqual({ carol: 30, paul: 30, gatehouse: 10 });
    expect(shared.data.source.members?.nodes[0]?.group?.fullPath).toBe('partners');
    removeMember(harness.sandbox.world, own);
  });

  it('leave out rows of private invited groups that the caller cannot read', async () => {
    expect(levels(await ofGroup(PAYMENTS, 'relations:[SHARED_FROM_GROUPS]'))).toEqual({});
    expect(levels(await ofGroup('acme/design', 'relations:[SHARED_FROM_GROUPS]'))).toEqual({});
    expect(levels(await ofGroup('acme/design', 'relations:[SHARED_FROM_GROUPS]', TOKENS.admin))).toEqual({ sybil: 10 });
  });

  it('put a direct row before an inherited one of the same level', async () => {
    const { world } = harness.sandbox;
    const { groups, users } = harness.fixtures;
    const source = { sourceKind: 'Group', sourceId: groups.payments.id } as const;
    const row = addMember(world, { ...source, userId: users.bob.id, accessLevel: 30 });
    const answer = await ofGroup(PAYMENTS, `ids:["gid://gitlab/User/${String(users.bob.id)}"]`);
    expect(answer.data.source.members?.nodes).toMatchObject([{ group: { fullPath: PAYMENTS } }]);
    removeMember(world, row);
  });

  it('include blocked people, and lose them with a filter by level', async () => {
    const path = 'acme/platform';
    expect(levels(await ofGroup(path, 'relations:[DIRECT]'))).toMatchObject({ dave: 30, dina: 20, bob: 30 });
    const filtered = levels(await ofGroup(path, 'relations:[DIRECT],accessLevels:[DEVELOPER,REPORTER]'));
    expect(filtered).toMatchObject({ bob: 30, carol: 20, invited: 30 });
    expect(filtered).not.toHaveProperty('dave');
    expect(filtered).not.toHaveProperty('dina');
  });

  it('never include access requests, and minimal access only in a licensed root group', async () => {
    expect(levels(await ofGroup('acme/platform', 'first:100'))).not.toHaveProperty('judy');
    expect(levels(await ofGroup('acme', 'first:100'))).toMatchObject({ frank: 5 });
    expect(levels(await ofGroup('acme/platform', 'first:100'))).not.toHaveProperty('frank');
    harness.sandbox.settings({ edition: 'ce' });
    expect(levels(await ofGroup('acme', 'first:100'))).not.toHaveProperty('frank');
    harness.sandbox.settings({ edition: 'ee' });
  });

  it('are filtered by ids of users, not of member rows', async () => {
    const { bob } = harness.fixtures.users;
    const found = await ofGroup('acme/platform', `ids:["gid://gitlab/User/${String(bob.id)}"]`);
    expect(levels(found)).toEqual({ bob: 30 });
    const refused = await ofGroup('acme/platform', 'ids:["gid://gitlab/GroupMember/1"]');
    expect(refused.errors).toMatchObject([
      { message: 'gid://gitlab/GroupMember/1 is not a valid ID for User.', path: ['source', 'members'] },
    ]);
    expect((await ofGroup('acme', 'ids:["7"]')).errors[0]?.message).toBe('7 is not a valid GitLab ID.');
  });

  it('have their end as a plain date', async () => {
    const { nodes = [] } = (await ofGroup(PAYMENTS, 'relations:[DIRECT],search:"erin"')).data.source.members ?? {};
    expect(nodes).toMatchObject([{ user: { username: 'erin' }, expiresAt: '2026-04-01' }]);
    expect(TODAY).toBe('2026-03-02');
  });

  it('are an access error for who reads a private group only through a project inside', async () => {
    const answer = await ofGroup(PAYMENTS, 'first:1', TOKENS.projectBot);
    expect(answer.data).toEqual({ source: { members: null } });
    expect(answer.errors).toMatchObject([{ message: ACCESS_ERROR, path: ['source', 'members'] }]);
  });

  it('can be an empty page with more to come and no cursor, where every row of it is hidden', async () => {
    const { world } = harness.sandbox;
    const hidden = addUser(world, { username: 'hidden.one' });
    const row = addMember(world, {
      sourceKind: 'Group',
      sourceId: harness.fixtures.groups.payments.id,
      userId: hidden.id,
      accessLevel: 30,
    });
    harness.fixtures.groups.acme.visibility = 'public';
    const anonymous = await harness.ask<Answer>(
      `{source:group(fullPath:"acme"){members:groupMembers(relations:[DESCENDANTS],first:1)${FIELDS}}}`,
      { token: null },
    );
    expect(anonymous.data.source.members).toEqual({ nodes: [], pageInfo: { hasNextPage: true, endCursor: null } });
    harness.fixtures.groups.acme.visibility = 'private';
    removeMember(world, row);
  });
});

describe('members of a project', () => {
  it('asked for [DIRECT] are the rows of the project as they are', async () => {
    expect(levels(await ofProject(API, 'relations:[DIRECT]'))).toEqual({ heidi: 20, project_api_bot: 30 });
  });

  it('always include those of its groups with any other relations, at the level in force', async () => {
    const plain = levels(await ofProject(API, 'first:100'));
    expect(plain).toMatchObject({ alice: 50, carol: 40, trent: 40, bob: 30, heidi: 20 });
    expect(levels(await ofProject(API, 'relations:[INVITED_GROUPS],first:100', TOKENS.admin))).toMatchObject({
      alice: 50,
      ivan: 20,
    });
    expect(levels(await ofProject(API, 'relations:[INVITED_GROUPS],first:100'))).not.toHaveProperty('ivan');
  });

  it('show a first grant at once and a changed level only after the delay', async () => {
    const { world } = harness.sandbox;
    const { projects, users } = harness.fixtures;
    const source = { sourceKind: 'Project', sourceId: projects.api.id } as const;
    const row = addMember(world, { ...source, userId: users.niaj.id, accessLevel: 20 });
    expect(levels(await ofProject(API, 'first:100'))).toMatchObject({ niaj: 20 });
    harness.sandbox.advance(10_000);
    changeMember(world, row, { accessLevel: 40 });
    expect(levels(await ofProject(API, 'first:100'))).toMatchObject({ niaj: 20 });
    expect(levels(await ofProject(API, 'relations:[DIRECT]'))).toMatchObject({ niaj: 40 });
    harness.sandbox.advance(10_000);
    expect(levels(await ofProject(API, 'first:100'))).toMatchObject({ niaj: 40 });
    removeMember(world, row);
    expect(levels(await ofProject(API, 'first:100'))).not.toHaveProperty('niaj');
  });

  it('show the project row of a person who has one above too, at the effective level', async () => {
    const { world } = harness.sandbox;
    const { projects, users } = harness.fixtures;
    const source = { sourceKind: 'Project', sourceId: projects.api.id } as const;
    const row = addMember(world, { ...source, userId: users.bob.id, accessLevel: 30 });
    const args = `ids:["gid://gitlab/User/${String(users.bob.id)}"]`;
    expect((await ofProject(API, args)).data.source.members?.nodes).toMatchObject([{ __typename: 'ProjectMember' }]);
    removeMember(world, row);
    expect((await ofProject(API, args)).data.source.members?.nodes).toMatchObject([{ __typename: 'GroupMember' }]);
  });
});

describe('pages of members', () => {
  async function walk(path: string, args: string): Promise<string[]> {
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const cursor: string = after === '' ? '' : `,after:"${after}"`;
      const page: Page | null = (await ofGroup(path, `${args}${cursor}`)).data.source.members;
      seen.push(...(page?.nodes ?? []).map(({ user }) => user?.username ?? 'invited'));
      after = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
    }
    return seen;
  }

  it('bring every row once, newest first, while others leave and change', async () => {
    const { world } = harness.sandbox;
    const { everyone } = harness.fixtures.groups;
    const first = (await ofGroup('acme/everyone', 'relations:[DIRECT],first:20')).data.source.members;
    const [gone] = first?.nodes ?? [];
    const leaver = world.index.userByName.get(gone?.user?.username ?? '');
    const row = leaver && directRow(world, 'Group', everyone.id, leaver.id);
    if (row) removeMember(world, row);
    const rest = await ofGroup(
      'acme/everyone',
      `relations:[DIRECT],first:100,after:"${first?.pageInfo.endCursor ?? ''}"`,
    );
    const names = [...(first?.nodes ?? []), ...(rest.data.source.members?.nodes ?? [])].map(
      ({ user }) => user?.username,
    );
    expect(new Set(names).size).toBe(60);
    expect(names).toHaveLength(60);
  });

  it('follow the sort, each with its own cursor', async () => {
    const sorted = await walk('acme/everyone', 'relations:[DIRECT],first:7,sort:ACCESS_LEVEL_DESC');
    const direct = await walk('acme/everyone', 'relations:[DIRECT],first:100');
    expect([...sorted].sort()).toEqual([...direct].sort());
  });

  it('are at most 100 long; first with last, and a cursor that is none, are errors of the field', async () => {
    expect((await ofGroup('acme/everyone', 'first:5000')).errors).toEqual([]);
    expect((await ofGroup('acme/everyone', 'first:-1')).data.source.members?.nodes).toEqual([]);
    const both = await ofGroup('acme/everyone', 'first:1,last:1');
    expect(both.errors[0]?.message).toBe('Can only provide either `first` or `last`, not both');
    const garbage = await ofGroup('acme/everyone', 'after:"garbage"');
    expect(garbage.errors).toMatchObject([{ message: 'Please provide a valid cursor', path: ['source', 'members'] }]);
  });

  it('answer 500 to a cursor of another sort', async () => {
    const page = (await ofGroup('acme/everyone', 'first:2')).data.source.members;
    const answer = await ofGroup('acme/everyone', `sort:USER_FULL_NAME_ASC,after:"${page?.pageInfo.endCursor ?? ''}"`);
    expect(answer.status).toBe(500);
  });

  it('count backwards with last, and then always claim no next page', async () => {
    const all = await walk('acme/everyone', 'relations:[DIRECT],first:100');
    const last = (await ofGroup('acme/everyone', 'relations:[DIRECT],last:3')).data.source.members;
    expect(last?.nodes.map(({ user }) => user?.username)).toEqual(all.slice(-3));
    expect(last?.pageInfo.hasNextPage).toBe(false);
  });
});
