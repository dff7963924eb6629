import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GitLabError } from '../../src/gitlab/errors.ts';
import type { SourceRef } from '../../src/gitlab/records.ts';
import { schemaOn } from './ask.ts';
import { emptyWorld, fakeGroup, fakeUser, type FakeWorld } from './fake-gitlab.ts';
import { anyWorld, expectedRows, smallTree } from './worlds.ts';

type Row = {
  id: string;
  kind: string;
  accessLevelValue: number;
  user: { gitlabId: string };
  source: { fullPath: string } | null;
};
type Page = { nodes: Row[]; edges: { cursor: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

const ROWS = `nodes { id kind accessLevelValue user { gitlabId } source { fullPath } } pageInfo { hasNextPage endCursor }`;

function field({ kind, id }: SourceRef, world: FakeWorld): string {
  const things = kind === 'group' ? world.groups : world.projects;
  return `it: ${kind}(fullPath: "${things.find((thing) => thing.id === id)?.fullPath ?? ''}")`;
}

async function everything(world: FakeWorld, source: SourceRef, args: string, sizes: number[]): Promise<Row[]> {
  const { ask } = schemaOn(world);
  const rows: Row[] = [];
  for (let page = 0, after = ''; ; page += 1) {
    const first = String(sizes[page % sizes.length]);
    const { data, errors } = await ask(
      `${field(source, world)} { members(${args} first: ${first}${after}) { ${ROWS} } }`,
    );
    expect(errors).toEqual([]);
    const { members } = data?.['it'] as { members: Page };
    rows.push(...members.nodes);
    if (!members.pageInfo.hasNextPage) return rows;
    expect(members.nodes.length).toBe(Number(first));
    after = ` after: "${members.pageInfo.endCursor ?? ''}"`;
  }
}

const sources: SourceRef[] = [
  { kind: 'group', id: '1' },
  { kind: 'group', id: '3' },
  { kind: 'project', id: '1' },
  { kind: 'project', id: '2' },
];
const ALL = 'kinds: [SHARED, INHERITED, DIRECT]';

describe('members of a group or project', () => {
  it('gives one row for each user and kind, the highest, in the order of the kinds, whatever the page sizes', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(anyWorld, fc.constantFrom(...sources), sizes, async (world, source, firsts) => {
        const rows = await everything(world, source, ALL, firsts);
        const expected = expectedRows(world, source);
        expect(rows.map(({ kind, user }) => `${kind} ${user.gitlabId}`).sort()).toEqual([...expected.keys()].sort());
        for (const { kind, user, accessLevelValue } of rows) {
          expect(accessLevelValue).toBe(Math.max(...(expected.get(`${kind} ${user.gitlabId}`) ?? [])));
        }
        const order = ['DIRECT', 'INHERITED', 'SHARED'];
        const kinds = rows.map(({ kind }) => order.indexOf(kind));
        expect(kinds).toEqual(kinds.toSorted((a, b) => a - b));
        expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      }),
      { numRuns: 120 },
    );
  });

  it('filters by the level of the row itself, page by page, and finds all of them', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, fc.constantFrom(...sources), async (world, source) => {
        const all = await everything(world, source, ALL, [100]);
        const some = await everything(world, source, `${ALL} accessLevels: [MINIMAL_ACCESS, OWNER]`, [2, 3]);
        expect(some).toEqual(all.filter(({ accessLevelValue }) => [5, 50].includes(accessLevelValue)));
      }),
      { numRuns: 40 },
    );
  });

  it('shows somebody who is direct, inherited and shared three times, with the place of each row', async () => {
    const world = smallTree();
    world.users.push(fakeUser('7', 'dana', 'BLOCKED'));
    world.rows.push(
      { rowId: 1, source: { kind: 'group', id: '3' }, userId: '7', level: 20 },
      { rowId: 2, source: { kind: 'group', id: '1' }, userId: '7', level: 40 },
      { rowId: 3, source: { kind: 'group', id: '4' }, userId: '7', level: 50 },
    );
    world.links.push({ into: { kind: 'group', id: '2' }, invited: '4', level: 30 });
    const { ask } = schemaOn(world);
    const { data } = await ask(
      `group(fullPath: "acme/ops/web") { members(kinds: [DIRECT, INHERITED, SHARED]) {
        totalCount nodes { kind accessLevel source { __typename fullPath } user { username state } } } }`,
    );
    const user = { username: 'dana', state: 'BLOCKED' };
    expect(data).toEqual({
      group: {
        members: {
          totalCount: null,
          nodes: [
            {
              kind: 'DIRECT',
              accessLevel: 'REPORTER',
              source: { __typename: 'Group', fullPath: 'acme/ops/web' },
              user,
            },
            { kind: 'INHERITED', accessLevel: 'MAINTAINER', source: { __typename: 'Group', fullPath: 'acme' }, user },
            { kind: 'SHARED', accessLevel: 'DEVELOPER', source: { __typename: 'Group', fullPath: 'guests' }, user },
          ],
        },
      },
    });
  });

  it('shows whoever comes by a private invited group only, without a source and without an error', async () => {
    const world = smallTree();
    for (const id of ['7', '8', '9']) world.users.push(fakeUser(id, `person${id}`));
    world.rows.push(
      { rowId: 1, source: { kind: 'group', id: '1' }, userId: '7', level: 20 },
      { rowId: 2, source: { kind: 'group', id: '4' }, userId: '7', level: 50 },
      { rowId: 3, source: { kind: 'group', id: '4' }, userId: '8', level: 50 },
      { rowId: 4, source: { kind: 'group', id: '5' }, userId: '9', level: 10 },
    );
    world.links.push(
      { into: { kind: 'group', id: '1' }, invited: '4', level: 30 },
      { into: { kind: 'project', id: '1' }, invited: '5', level: 40 },
    );
    world.unseen.add('4');
    const places: SourceRef[] = [
      { kind: 'group', id: '2' },
      { kind: 'project', id: '1' },
    ];
    const rows = await Promise.all(places.map((source) => everything(world, source, ALL, [1])));
    expect(rows.map((found) => found.map((row) => [row.kind, row.user.gitlabId, row.source?.fullPath]))).toEqual([
      [
        ['INHERITED', '7', 'acme'],
        ['SHARED', '8', undefined],
      ],
      [
        ['INHERITED', '7', 'acme'],
        ['SHARED', '9', 'partners'],
        ['SHARED', '8', undefined],
      ],
    ]);
  });

  it('asks GitLab twice for the direct and inherited members of 20 groups by path', async () => {
    const world = emptyWorld();
    for (let id = 1; id <= 20; id += 1) {
      world.groups.push(fakeGroup(String(id), `team${String(id)}`));
      world.users.push(fakeUser(String(id), `person${String(id)}`));
      world.rows.push({ rowId: id, source: { kind: 'group', id: String(id) }, userId: String(id), level: 30 });
    }
    const paths = world.groups.map(({ fullPath }) => JSON.stringify(fullPath)).join(', ');
    const { ask } = schemaOn(world);
    const { data, calls } = await ask(`groups(fullPaths: [${paths}]) { nodes { members { ${ROWS} } } }`);
    const { nodes } = data?.['groups'] as { nodes: { members: Page }[] };
    expect(nodes.map(({ members }) => members.nodes.length)).toEqual(Array(20).fill(1));
    expect(calls).toEqual([
      { method: 'groupsByPath', keys: 20 },
      { method: 'members', keys: 40 },
    ]);
  });

  it('reads 1,000 members in pages of 100 with one question a page', async () => {
    const world = smallTree();
    for (let id = 1; id <= 1000; id += 1) {
      world.users.push(fakeUser(String(id), `person${String(id)}`));
      world.rows.push({ rowId: id, source: { kind: 'group', id: '1' }, userId: String(id), level: 30 });
    }
    const { ask } = schemaOn(world);
    const seen = new Set<string>();
    let questions = 0;
    for (let after = '', more = true; more;) {
      const { data, calls } = await ask(
        `group(fullPath: "acme/ops") { members(kinds: [INHERITED] first: 100${after}) { ${ROWS} } }`,
      );
      const { members } = data?.['group'] as { members: Page };
      for (const { user } of members.nodes) seen.add(user.gitlabId);
      questions += calls.filter(({ method }) => method === 'members').length;
      more = members.pageInfo.hasNextPage;
      after = ` after: "${members.pageInfo.endCursor ?? ''}"`;
    }
    expect({ people: seen.size, questions }).toEqual({ people: 1000, questions: 10 });
  });

  it('answers a refusal as an error on its field, never as an empty list, and the siblings in full', async () => {
    const world = smallTree();
    world.users.push(fakeUser('7', 'dana'));
    world.rows.push({ rowId: 1, source: { kind: 'group', id: '4' }, userId: '7', level: 20 });
    world.hidden.add('group:1');
    world.failing.set('group:2', new GitLabError('UNAVAILABLE', 'GitLab answered 503.'));
    const members = '{ members(kinds: [DIRECT]) { nodes { user { username } } } }';
    const { data, errors } = await schemaOn(world).ask(
      `a: group(fullPath: "acme") ${members} b: group(fullPath: "acme/ops") ${members} c: group(fullPath: "guests") ${members}`,
    );
    expect(data).toEqual({
      a: { members: null },
      b: { members: null },
      c: { members: { nodes: [{ user: { username: 'dana' } }] } },
    });
    expect(errors.map(({ path, code }) => [path.join('.'), code]).sort()).toEqual([
      ['connection.a.members', 'UPSTREAM_FORBIDDEN'],
      ['connection.b.members', 'UPSTREAM_UNAVAILABLE'],
    ]);
  });

  it.each([
    ['a page of no size', 'first: 0'],
    ['a page of 101', 'first: 101'],
    ['a cursor that is none', 'after: "nonsense"'],
    ['a cursor of a list with other filters', 'after: CURSOR search: "dana"'],
  ])('refuses %s', async (_what, args) => {
    const world = smallTree();
    world.users.push(fakeUser('7', 'dana'));
    world.rows.push({ rowId: 1, source: { kind: 'group', id: '1' }, userId: '7', level: 20 });
    const { ask } = schemaOn(world);
    const known = await ask(`group(fullPath: "acme") { members { edges { cursor } } }`);
    const { cursor } = (known.data?.['group'] as { members: Page }).members.edges[0] ?? { cursor: '' };
    const { data, errors } = await ask(
      `group(fullPath: "acme") { members(${args.replace('CURSOR', JSON.stringify(cursor))}) { ${ROWS} } }`,
    );
    expect(data).toEqual({ group: { members: null } });
    expect(errors.map(({ code }) => code)).toEqual(['BAD_USER_INPUT']);
  });

  it('reads custom roles and grants only when they are asked for, for a whole list in one call each', async () => {
    const world = smallTree();
    for (const id of ['7', '8', '9']) {
      world.users.push(fakeUser(id, `person${id}`));
      const role = id === '8' ? { roleId: '3' } : {};
      world.rows.push({ rowId: Number(id), source: { kind: 'group', id: '1' }, userId: id, level: 30, ...role });
    }
    const asked: number[] = [];
    const { ask } = schemaOn(world, {
      grants: {
        standingAt: (_instance, keys) => {
          asked.push(keys.length);
          return Promise.resolve(new Map());
        },
      },
    });
    const { data, calls } = await ask(
      `group(fullPath: "acme/ops") { members { nodes { user { username } grant { id } memberRole { gitlabId name baseAccessLevel } } } }`,
    );
    const rows = (data?.['group'] as { members: { nodes: unknown[] } }).members.nodes;
    expect(rows).toContainEqual({
      user: { username: 'person8' },
      grant: null,
      memberRole: { gitlabId: '3', name: 'Role 3', baseAccessLevel: 'DEVELOPER' },
    });
    expect(calls.filter(({ method }) => method === 'directRows')).toEqual([{ method: 'directRows', keys: 3 }]);
    expect(asked).toEqual([3]);
  });
});
