import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addToken } from '../../sandbox/model/index.ts';
import { TOKENS } from '../../sandbox/seed/index.ts';
import { ACCESS_ERROR, startHarness } from './graphql-harness.ts';
import type { Harness } from './graphql-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.sandbox.close());

type Named = Readonly<Record<string, { nodes: readonly Readonly<Record<string, unknown>>[]; count?: number } | null>>;

async function names(selection: string, key: string, token?: string): Promise<unknown[]> {
  const { data, errors } = await harness.ask<Named>(`{list:${selection}}`, token === undefined ? {} : { token });
  expect(errors).toEqual([]);
  return (data['list']?.nodes ?? []).map((node) => node[key]);
}
const gid = (kind: string, id: number): string => `"gid://gitlab/${kind}/${String(id)}"`;

describe('groups and projects', () => {
  it('are found by path in any letter case, and are null without an error when missing or hidden', async () => {
    const { data, errors } = await harness.ask(
      '{a:group(fullPath:"ACME/Platform"){fullPath} b:group(fullPath:"nope"){id} c:group(fullPath:"shadow"){id} d:project(fullPath:"Acme/platform/Payments/API"){fullPath} e:project(fullPath:"nope"){id}}',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      a: { fullPath: 'acme/platform' },
      b: null,
      c: null,
      d: { fullPath: 'acme/platform/payments/api' },
      e: null,
    });
  });

  it('are listed by ids, unknown and hidden ones left out', async () => {
    const { groups, projects } = harness.fixtures;
    const ids = [gid('Group', groups.acme.id), gid('Group', groups.shadow.id), gid('Group', 99_999)].join(',');
    expect(await names(`groups(ids:[${ids}]){nodes{fullPath}}`, 'fullPath')).toEqual(['acme']);
    const wanted = gid('Project', projects.api.id);
    expect(await names(`projects(ids:[${wanted}]){nodes{fullPath}}`, 'fullPath')).toEqual([projects.api.fullPath]);
  });

  it('are listed by at most 50 full paths', async () => {
    expect(await names('projects(fullPaths:["ACME/platform/tooling","nope"]){nodes{name}}', 'name')).toEqual([
      'tooling',
    ]);
    const paths = Array.from({ length: 51 }, (_, n) => `"p${String(n)}"`).join(',');
    const { data, errors } = await harness.ask(`{projects(fullPaths:[${paths}]){nodes{id}}}`);
    expect(data).toEqual({ projects: null });
    expect(errors).toMatchObject([{ path: ['projects'] }]);
  });

  it('of a tree come with descendantGroups and projects, as far as they are readable', async () => {
    const { data } = await harness.ask(
      `{group(fullPath:"acme/platform"){
        all:descendantGroups{nodes{fullPath} count} children:descendantGroups(includeParentDescendants:false){nodes{fullPath}}
        projects(includeSubgroups:true,includeArchived:false){nodes{fullPath}} descendantGroupsCount projectsCount groupMembersCount
        archivedOnes:projects(archivedOnly:true){nodes{name archived isSelfArchived}}}}`,
    );
    expect(data).toMatchObject({
      group: {
        all: { nodes: expect.arrayContaining([{ fullPath: 'acme/platform/payments/core/ledger' }]) },
        children: { nodes: expect.not.arrayContaining([{ fullPath: 'acme/platform/payments/core' }]) },
        projects: { nodes: expect.not.arrayContaining([{ fullPath: 'acme/platform/legacy' }]) },
        archivedOnes: { nodes: expect.arrayContaining([{ name: 'legacy', archived: true, isSelfArchived: true }]) },
      },
    });
  });

  it('tell what the caller may do: a group only by the direct row in it, a project effectively', async () => {
    const query = `{root:group(fullPath:"acme"){maxAccessLevel{integerValue stringValue humanAccess}}
      sub:group(fullPath:"acme/platform"){maxAccessLevel{integerValue} userPermissions{removeGroup canLeave adminAllResources}}
      project(fullPath:"acme/platform/tooling"){maxAccessLevel{integerValue} userPermissions{adminProject readProjectMember}}}`;
    expect((await harness.ask(query)).data).toEqual({
      root: { maxAccessLevel: { integerValue: 50, stringValue: 'OWNER', humanAccess: 'Owner' } },
      sub: {
        maxAccessLevel: { integerValue: 0 },
        userPermissions: { removeGroup: true, canLeave: false, adminAllResources: false },
      },
      project: {
        maxAccessLevel: { integerValue: 50 },
        userPermissions: { adminProject: true, readProjectMember: true },
      },
    });
    expect((await harness.ask(query, { token: TOKENS.admin })).data).toMatchObject({
      project: { maxAccessLevel: { integerValue: 0 }, userPermissions: { adminProject: true } },
    });
  });

  it('name their place: parent, root, namespace, and a personal namespace only to its owner', async () => {
    const query = `{group(fullPath:"acme/platform"){parent{fullPath} rootNamespace{id fullPath}}
      project(fullPath:"acme/platform/payments/api"){namespace{id fullPath} group{fullPath} rootGroup{fullPath} nameWithNamespace webUrl}
      mine:namespace(fullPath:"bob"){id} own:project(fullPath:"bob/notes"){namespace{fullPath} group{id}}}`;
    const { acme, payments } = harness.fixtures.groups;
    const { bob } = harness.fixtures.users;
    expect((await harness.ask(query, { token: TOKENS.user })).data).toEqual({
      group: {
        parent: { fullPath: 'acme' },
        rootNamespace: { id: `gid://gitlab/Group/${String(acme.id)}`, fullPath: 'acme' },
      },
      project: {
        namespace: { id: `gid://gitlab/Group/${String(payments.id)}`, fullPath: 'acme/platform/payments' },
        group: { fullPath: 'acme/platform/payments' },
        rootGroup: { fullPath: 'acme' },
        nameWithNamespace: 'Acme / Platform / Payments / api',
        webUrl: `${harness.sandbox.url}/acme/platform/payments/api`,
      },
      mine: { id: `gid://gitlab/Namespaces::UserNamespace/${String(bob.namespaceId)}` },
      own: { namespace: { fullPath: 'bob' }, group: null },
    });
    expect((await harness.ask('{namespace(fullPath:"bob"){id}}')).data).toEqual({ namespace: null });
  });

  it('are listed as asked: owned, top level, below a parent, of the caller, by name', async () => {
    expect(await names('groups(allAvailable:false,topLevelOnly:true){nodes{fullPath}}', 'fullPath')).toEqual(['acme']);
    expect(await names('groups(ownedOnly:true,topLevelOnly:true){nodes{fullPath}}', 'fullPath')).toEqual(['acme']);
    const children = await names('groups(parentPath:"acme/platform/payments"){nodes{fullPath}}', 'fullPath');
    expect(children).toContain('acme/platform/payments/core');
    expect(children).not.toContain('acme/platform/payments/core/ledger');
    expect(await names('groups(search:"ledg"){nodes{name}}', 'name')).toEqual(['Ledger']);
    const all = await names('groups(first:100){nodes{fullPath}}', 'fullPath', TOKENS.admin);
    expect(all).toHaveLength(30);
    expect(all).toEqual(expect.arrayContaining(['shadow', 'contractors']));
  });
});

describe('users', () => {
  it('in a list leave out the blocked and banned for all but administrators', async () => {
    const wanted = 'users(usernames:["Dave","mallory","dina","BOB"]){nodes{username}}';
    expect((await names(wanted, 'username')).sort()).toEqual(['bob', 'dina']);
    expect((await names(wanted, 'username', TOKENS.admin)).sort()).toEqual(['bob', 'dave', 'dina', 'mallory']);
  });

  it('are found one by one in any state', async () => {
    const { dave } = harness.fixtures.users;
    const { data } = await harness.ask(
      `{a:user(username:"DAVE"){id state active} b:user(id:${gid('User', dave.id)}){username} c:user(username:"nobody"){id}}`,
    );
    expect(data).toEqual({
      a: { id: `gid://gitlab/User/${String(dave.id)}`, state: 'blocked', active: false },
      b: { username: 'dave' },
      c: null,
    });
  });

  it('are refused by ids and usernames together, by both keys of one, and to nobody', async () => {
    const both = await harness.ask('{users(ids:[],usernames:[]){nodes{id}} user{id}}');
    expect(both.errors.map(({ path }) => path)).toEqual([['users'], ['user']]);
    const nobody = await harness.ask('{user(username:"bob"){id}}', { token: null });
    expect(nobody.errors).toMatchObject([{ message: ACCESS_ERROR, path: ['user'] }]);
  });

  it('say what they are, service accounts and token robots included', async () => {
    const { data } = await harness.ask(
      '{a:user(username:"gatehouse"){type bot human} b:user(username:"project_api_bot"){type bot name} c:user(username:"bob"){type bot human}}',
    );
    expect(data).toEqual({
      a: { type: 'SERVICE_ACCOUNT', bot: true, human: false },
      b: { type: 'PROJECT_BOT', bot: true, name: 'api token' },
      c: { type: 'HUMAN', bot: false, human: true },
    });
    const robots = 'users(userTypes:[SERVICE_ACCOUNT],search:"gatehouse"){nodes{username}}';
    expect(await names(robots, 'username')).toEqual(['gatehouse']);
    expect(await names('users(humans:true,search:"gatehouse"){nodes{username}}', 'username')).toEqual([]);
  });

  it('show private things to themselves and administrators only', async () => {
    const query = `{user(username:"bob"){publicEmail commitEmail emails{nodes{email}} groupCount projectCount groups{nodes{id}}
      personalAccessTokens{nodes{name}} customAttributes{key} namespace{id}}}`;
    expect((await harness.ask(query)).data).toEqual({
      user: {
        publicEmail: 'bob@example.com',
        commitEmail: null,
        emails: { nodes: [] },
        groupCount: null,
        projectCount: null,
        groups: null,
        personalAccessTokens: null,
        customAttributes: null,
        namespace: null,
      },
    });
    for (const token of [TOKENS.user, TOKENS.admin]) {
      expect((await harness.ask(query, { token })).data).toMatchObject({
        user: {
          commitEmail: 'bob@example.com',
          emails: { nodes: [{ email: 'bob@example.com' }] },
          personalAccessTokens: { nodes: [{ name: 'user' }] },
        },
      });
    }
  });

  it('show direct memberships of at least Guest that the caller may read, none of a private profile', async () => {
    const query = (username: string): string =>
      `{user(username:"${username}"){groupMemberships{nodes{accessLevel{integerValue} group{fullPath}}}}}`;
    const rowsOf = async (username: string, token?: string): Promise<string[]> => {
      const { data } = await harness.ask<{
        user: { groupMemberships: { nodes: { group: { fullPath: string } | null }[] } };
      }>(query(username), token === undefined ? {} : { token });
      return data.user.groupMemberships.nodes.map(({ group }) => group?.fullPath ?? '').sort();
    };
    expect(await rowsOf('carol')).toEqual(['acme/platform', 'acme/platform/payments']);
    expect(await rowsOf('carol', TOKENS.admin)).toEqual(['acme/platform', 'acme/platform/payments', 'partners']);
    expect(await rowsOf('frank', TOKENS.admin)).toEqual([]);
    expect(await rowsOf('grace')).toEqual([]);
    expect(await rowsOf('grace', TOKENS.admin)).toEqual(['acme/design']);
    expect(await rowsOf('dave')).toEqual([]);
    expect(await rowsOf('judy', TOKENS.admin)).toEqual([]);
  });

  it('are found by name from three letters on, and by e-mail in full', async () => {
    expect(await names('users(search:"Carol Ch"){nodes{username}}', 'username')).toEqual(['carol']);
    expect(await names('users(search:"ca"){nodes{username}}', 'username')).toEqual([]);
    expect(await names('users(search:"carol@example.com"){nodes{username}}', 'username')).toEqual([]);
    expect(await names('users(search:"carol@example.com"){nodes{username}}', 'username', TOKENS.admin)).toEqual([
      'carol',
    ]);
  });

  it('have the name **** when they are a robot of something the caller cannot read', async () => {
    const { users } = harness.fixtures;
    const query = `{user(id:${gid('User', users.apiBot.id)}){name}}`;
    expect((await harness.ask(query, { token: TOKENS.user })).data).toEqual({ user: { name: 'api token' } });
    const outsider = addToken(harness.sandbox.world, { userId: users.niaj.id, scopes: ['api'] });
    expect((await harness.ask(query, { token: outsider.value })).data).toEqual({ user: { name: '****' } });
  });
});

describe('roles', () => {
  it('of a root group are its custom roles, and none without the licence', async () => {
    const list = 'group(fullPath:"acme/platform"){memberRoles{nodes{name baseAccessLevel{integerValue}}}}';
    const roles = { nodes: [{ name: 'Incident Responder', baseAccessLevel: { integerValue: 20 } }] };
    expect((await harness.ask(`{${list}}`)).data).toEqual({ group: { memberRoles: roles } });
    harness.sandbox.settings({ plan: 'premium' });
    expect((await harness.ask(`{${list}}`)).data).toEqual({ group: { memberRoles: { nodes: [] } } });
    harness.sandbox.settings({ plan: 'ultimate' });
  });
});
