import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kind, parse, print, visit } from 'graphql';
import type { DocumentNode, SelectionNode } from 'graphql';
import * as operations from '../../src/gitlab/generated/operations.ts';
import { complexity } from '../../src/gitlab/packing/cost.ts';
import type { MembersQuery } from '../../src/gitlab/index.ts';
import { aboutGroup, lab, value, walk } from './support/sandbox.ts';
import type { Lab } from './support/sandbox.ts';

let the: Lab;
beforeAll(async () => {
  the = await lab();
});
afterAll(async () => {
  await the.close();
});

function everyGroup(): { id: number; fullPath: string }[] {
  return [...the.sandbox.world.groups.values()];
}

describe('reads by key', () => {
  it('finds groups whatever the case, and knows which are not shown', async () => {
    const found = await the.as('gatehouse').groupsByPath(['acme', 'ACME/Platform', 'shadow', 'nope', '']);
    expect(found.get('acme')).toMatchObject({ id: String(the.known.groups.acme.id), parentId: null, name: 'Acme' });
    expect(found.get('ACME/Platform')).toMatchObject({
      fullPath: 'acme/platform',
      parentId: String(the.known.groups.acme.id),
    });
    expect([found.get('shadow'), found.get('nope'), found.get('')]).toEqual([null, null, null]);
  });

  it('finds public things beyond the reach', async () => {
    const client = the.as('gatehouse');
    expect(value((await client.projectsByPath(['library/books'])).get('library/books')).visibility).toBe('PUBLIC');
    expect(value((await client.groupsByPath(['library'])).get('library')).fullPath).toBe('library');
  });

  it('finds blocked people without an administrator, few and many at a time', async () => {
    const client = the.as('gatehouse');
    const everybody = [...the.sandbox.world.users.values()].map((user) => user.username);
    const few = await client.usersByUsername(['DAVE', 'mallory', 'gatehouse', 'platform-nobody']);
    expect(few.get('DAVE')).toMatchObject({ username: 'dave', state: 'BLOCKED', kind: 'HUMAN' });
    expect(few.get('gatehouse')).toMatchObject({ kind: 'SERVICE_ACCOUNT' });
    expect(few.get('platform-nobody')).toBeNull();
    const many = await client.usersByUsername(everybody);
    expect([...many.values()].filter((user) => user === null)).toEqual([]);
    const ids = [...the.sandbox.world.users.keys()].map(String);
    const byId = await client.usersById(ids);
    expect(ids.filter((id) => value(byId.get(id)).id !== id)).toEqual([]);
  });

  it('takes two calls for 120 people: one list, one for those whom lists leave out', async () => {
    const client = the.as('gatehouse');
    await client.usersById(['1']);
    const ids = [...the.sandbox.world.users.keys()].slice(0, 100).map(String);
    expect(await the.count(async () => client.usersById(ids))).toBe(2);
  });

  it('finds many projects by path and by number', async () => {
    const client = the.as('root');
    const projects = await walk((after) => client.projects({ first: 100, after, search: null, wholeInstance: true }));
    const paths = projects.items.map((project) => project.fullPath);
    const byPath = await client.projectsByPath([...paths, 'acme/none']);
    expect(paths.filter((path) => value(byPath.get(path)).fullPath !== path)).toEqual([]);
    expect(byPath.get('acme/none')).toBeNull();
    const byId = await client.projectsById(projects.items.map((project) => project.id));
    expect([...byId.values()].every((project) => project !== null)).toBe(true);
  });

  it('asks for nothing that cannot be an id', async () => {
    const client = the.as('gatehouse');
    expect(await the.count(async () => client.usersById(['x', '1; drop', '']))).toBe(0);
  });
});

describe('members', () => {
  it('of 20 groups by path, direct and inherited, take two calls', async () => {
    const client = the.as('gatehouse');
    const paths = everyGroup()
      .map((group) => group.fullPath)
      .filter((path) => path.startsWith('acme'))
      .slice(0, 20);
    expect(paths).toHaveLength(20);
    const calls = await the.count(async () => {
      const groups = [...(await client.groupsByPath(paths)).values()].map((group) => value(group));
      const queries = groups.flatMap((group) => [aboutGroup(group), aboutGroup(group, ['INHERITED'])]);
      const pages = await client.members(queries);
      expect(queries.filter(({ key }) => !Array.isArray(value(pages.get(key)).items))).toEqual([]);
    });
    expect(calls).toBe(2);
  });

  it('keep direct, inherited and shared rows of one person apart, each with where it lives', async () => {
    const client = the.as('gatehouse');
    const { payments } = the.known.groups;
    const userIds = [String(the.known.users.carol.id)];
    const relations = [['DIRECT'], ['INHERITED'], ['SHARED_FROM_GROUPS']] as const;
    const pages = await client.members(relations.map((one) => aboutGroup(payments, one, { userIds })));
    const rows = [...pages.values()].flatMap((page) => value(page).items);
    expect(rows.map((row) => [row.accessLevel, row.source?.fullPath ?? null])).toEqual([
      [40, 'acme/platform/payments'],
      [20, 'acme/platform'],
    ]);
    const asAdmin = await the.as('root').members([aboutGroup(payments, ['SHARED_FROM_GROUPS'], { userIds })]);
    expect(value([...asAdmin.values()][0]).items.map((row) => row.source?.fullPath)).toEqual(['partners']);
  });

  it('leave out invitations that nobody has accepted, and keep blocked people and dates', async () => {
    const { platform, payments } = the.known.groups;
    const pages = await the.as('gatehouse').members([aboutGroup(platform), aboutGroup(payments)]);
    const rows = value(pages.get('acme/platform DIRECT')).items;
    expect(rows.find((row) => row.user.username === 'dave')?.user.state).toBe('BLOCKED');
    const erin = value(pages.get('acme/platform/payments DIRECT')).items.find((row) => row.user.username === 'erin');
    expect(erin?.expiresAt).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(erin?.createdBy?.username).toBe('alice');
  });

  it('of a project name the group or project each row lives in', async () => {
    const { api } = the.known.projects;
    const query: MembersQuery = {
      key: 'k',
      kind: 'project',
      id: String(api.id),
      fullPath: 'acme/platform/payments/api',
      relations: ['DIRECT', 'INHERITED'],
      search: null,
      userIds: null,
      first: 100,
      after: null,
    };
    const { items } = value((await the.as('gatehouse').members([query])).get('k'));
    const of = (name: string): unknown => items.find((row) => row.user.username === name)?.source;
    expect(of('heidi')).toMatchObject({ kind: 'project', fullPath: 'acme/platform/payments/api' });
    expect(of('alice')).toMatchObject({ kind: 'group', fullPath: 'acme' });
    expect(items.find((row) => row.user.kind === 'TOKEN_BOT')).toBeDefined();
  });

  it('of a long list are all there, once each, page by page', async () => {
    const client = the.as('gatehouse');
    const { everyone } = the.known.groups;
    const { items, pages } = await walk(async (after) => {
      const query = aboutGroup(everyone, ['DIRECT'], { key: 'k', first: 25, after });
      return value((await client.members([query])).get('k'));
    });
    expect(pages).toBe(3);
    expect(new Set(items.map((row) => row.user.id)).size).toBe(60);
    expect(items).toHaveLength(60);
  });

  it('that may not be listed are an error and no empty page, and spoil no sibling', async () => {
    const { payments, open } = the.known.groups;
    const pages = await the.as('heidi').members([aboutGroup(payments), aboutGroup(open)]);
    expect(pages.get('acme/platform/payments DIRECT')).toMatchObject({ code: 'FORBIDDEN' });
    expect(value(pages.get('acme/open DIRECT')).items).toBeDefined();
  });

  it('of what is not shown are null', async () => {
    const pages = await the.as('gatehouse').members([aboutGroup(the.known.groups.shadow)]);
    expect(pages.get('shadow DIRECT')).toBeNull();
  });

  it('of nobody are nobody, not everybody', async () => {
    const client = the.as('gatehouse');
    const query = aboutGroup(the.known.groups.acme, ['DIRECT'], { key: 'k', userIds: [] });
    expect(await the.count(async () => value((await client.members([query])).get('k')))).toBe(0);
  });
});

describe('memberships', () => {
  it('are the direct rows of a person, newest first, with person and place', async () => {
    const { carol, erin } = the.known.users;
    const ask = (
      user: { id: number },
      kind: 'group' | 'project',
    ): Parameters<ReturnType<Lab['as']>['memberships']>[0][number] => ({
      key: `${String(user.id)} ${kind}`,
      userId: String(user.id),
      kind,
      first: 20,
      after: null,
    });
    const client = the.as('root');
    const pages = await client.memberships([ask(carol, 'group'), ask(carol, 'project'), ask(erin, 'group')]);
    const rows = value(pages.get(`${String(carol.id)} group`)).items;
    expect(rows.map((row) => row.source?.fullPath)).toEqual(expect.arrayContaining(['acme/platform', 'partners']));
    expect(rows.every((row) => row.user.username === 'carol')).toBe(true);
    expect(Object.keys(value(rows[0]).user)).not.toContain('groupMemberships');
    expect(value(pages.get(`${String(carol.id)} project`)).items).toEqual([]);
  });

  it('of many people take one call', async () => {
    const client = the.as('root');
    await client.usersById(['1']);
    const ids = [...the.sandbox.world.users.keys()].slice(0, 50).map(String);
    const queries = ids.map((id) => ({ key: id, userId: id, kind: 'group' as const, first: 20, after: null }));
    expect(await the.count(async () => client.memberships(queries))).toBe(1);
  });
});

describe('counting', () => {
  const documents = Object.entries(operations)
    .filter(([name]) => name.endsWith('Document'))
    .map(([, document]) => document as DocumentNode);
  const variables = {
    fullPath: 'acme',
    fullPaths: ['acme/x'],
    ids: ['gid://gitlab/User/1'],
    id: 'gid://gitlab/User/1',
    username: 'alice',
    usernames: ['alice'],
    relations: ['DIRECT'],
    count: 17,
    first: 33,
    search: 'abc',
    sort: 'id_asc',
  };

  it('agrees with GitLab for every one of our queries', async () => {
    for (const document of documents) {
      const scored = visit(document, {
        OperationDefinition: (node) => ({
          ...node,
          selectionSet: {
            ...node.selectionSet,
            selections: [...node.selectionSet.selections, ...queryOf('score: queryComplexity { score }')],
          },
        }),
      });
      const names = new Set((print(document).match(/\$\w+/g) ?? []).map((name) => name.slice(1)));
      const given = Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name)));
      const response = await fetch(`${the.sandbox.url}/api/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'private-token': the.sandbox.tokens.admin },
        body: JSON.stringify({ query: print(scored), variables: given }),
      });
      const answer = (await response.json()) as { data?: { score?: { score?: number } } };
      expect([print(document).slice(0, 40), answer.data?.score?.score]).toEqual([
        print(document).slice(0, 40),
        complexity(document, given) + 2,
      ]);
    }
  });
});

function queryOf(text: string): readonly SelectionNode[] {
  const definition = parse(`{ ${text} }`).definitions[0];
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
}
