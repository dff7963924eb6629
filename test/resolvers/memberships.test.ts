import { describe, expect, it } from '@jest/globals';
import { schemaOn } from './ask.ts';
import { fakeGroup, fakeUser, type FakeWorld } from './fake-gitlab.ts';
import { smallTree } from './worlds.ts';

type Page = { nodes: { source: { fullPath: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

function worldOf(state: 'ACTIVE' | 'BLOCKED'): FakeWorld {
  const world = smallTree();
  world.users.push(fakeUser('7', 'dana', state));
  world.rows.push(
    { rowId: 1, source: { kind: 'group', id: '1' }, userId: '7', level: 20 },
    { rowId: 2, source: { kind: 'group', id: '4' }, userId: '7', level: 30 },
    { rowId: 3, source: { kind: 'project', id: '1' }, userId: '7', level: 40 },
    { rowId: 2, source: { kind: 'project', id: '2' }, userId: '7', level: 40 },
  );
  return world;
}

async function places(world: FakeWorld, first: number, isAdmin = false) {
  const { ask } = schemaOn(world, { isAdmin });
  const found: string[] = [];
  const methods: string[] = [];
  for (let after = '', more = true; more;) {
    const { data, errors, calls } = await ask(
      `user(username: "DANA") { memberships(first: ${String(first)}${after}) {
        nodes { kind source { fullPath } } pageInfo { hasNextPage endCursor } } }`,
    );
    expect(errors).toEqual([]);
    const { memberships } = data?.['user'] as { memberships: Page };
    found.push(...memberships.nodes.map(({ source }) => source.fullPath));
    methods.push(...calls.map(({ method }) => method));
    more = memberships.pageInfo.hasNextPage;
    after = ` after: "${memberships.pageInfo.endCursor ?? ''}"`;
  }
  return { found: found.sort(), methods };
}

const EVERYWHERE = ['acme', 'acme/ops/web/site', 'ann/notes', 'guests'];

describe('memberships of a user', () => {
  it.each([1, 2, 3, 100])("are GitLab's own list of groups, then projects, in pages of %i", async (first) => {
    const { found, methods } = await places(worldOf('ACTIVE'), first);
    expect(found).toEqual(EVERYWHERE);
    expect(new Set(methods)).toEqual(new Set(['usersByUsername', 'memberships']));
  });

  it.each([1, 2, 100])('of a private profile are read by group and project, in pages of %i', async (first) => {
    const world = worldOf('ACTIVE');
    world.privateProfiles.add('7');
    const { found, methods } = await places(world, first);
    expect(found).toEqual(EVERYWHERE);
    expect(methods).toContain('members');
  });

  it('of a blocked person are read by group and project, since their own list comes out empty', async () => {
    const world = worldOf('BLOCKED');
    world.privateProfiles.add('7');
    expect((await places(world, 20)).found).toEqual(EVERYWHERE);
  });

  it('leave out groups whose members the connection may not read', async () => {
    const world = worldOf('BLOCKED');
    world.hidden.add('group:4');
    expect((await places(world, 20)).found).toEqual(EVERYWHERE.filter((path) => path !== 'guests'));
  });

  it("of a blocked person are GitLab's own list for an administrator", async () => {
    const { methods } = await places(worldOf('BLOCKED'), 20, true);
    expect(methods).toEqual(['usersByUsername', 'memberships']);
  });

  it('are found over more groups than one page of the reach holds, with one question for each hundred', async () => {
    const world = worldOf('BLOCKED');
    for (let id = 100; id < 350; id += 1) world.groups.push(fakeGroup(String(id), `team${String(id)}`));
    world.rows.push({ rowId: 9, source: { kind: 'group', id: '349' }, userId: '7', level: 30 });
    const { found, methods } = await places(world, 50);
    expect(found).toEqual([...EVERYWHERE, 'team349']);
    expect(methods.filter((method) => method === 'members').length).toBeLessThanOrEqual(6);
  });
});
