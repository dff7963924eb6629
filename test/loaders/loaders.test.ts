import { describe, expect, it } from '@jest/globals';
import { GitLabError } from '../../src/gitlab/errors.ts';
import { createLoaders } from '../../src/loaders/loaders.ts';
import type { GrantsService } from '../../src/grants/service.ts';
import { emptyWorld, fakeClient, fakeGroup, fakeUser, type Calls, type FakeWorld } from '../resolvers/fake-gitlab.ts';
import { fakeConnection } from '../server/fake-connection.ts';

function loadersOn(world: FakeWorld, standingAt: GrantsService['standingAt'] = () => Promise.resolve(new Map())) {
  const calls: Calls = [];
  const client = fakeClient(world, calls);
  const loaders = createLoaders({
    client,
    connection: fakeConnection('work'),
    grants: { standingAt },
    instanceId: '4',
  });
  return { loaders, calls, client };
}

function worldOfGroups(count: number): FakeWorld {
  const world = emptyWorld();
  for (let id = 1; id <= count; id += 1) world.groups.push(fakeGroup(String(id), `team${String(id)}`));
  world.users.push(fakeUser('7', 'Dana'));
  return world;
}

describe('loaders', () => {
  it('make one call of all keys of a tick, and answer by key', async () => {
    const { loaders, calls } = loadersOn(worldOfGroups(30));
    const paths = Array.from({ length: 30 }, (_, index) => `team${String(30 - index)}`);
    const found = await Promise.all(paths.map((path) => loaders.groupByPath.load(path)));
    expect(found.map((group) => group?.fullPath)).toEqual(paths);
    expect(calls).toEqual([{ method: 'groupsByPath', keys: 30 }]);
  });

  it('ask once for a path or username whatever its case', async () => {
    const { loaders, calls } = loadersOn(worldOfGroups(1));
    const [a, b, c] = await Promise.all(['TEAM1', 'team1', 'none'].map((path) => loaders.groupByPath.load(path)));
    expect([a?.id, b?.id, c]).toEqual(['1', '1', null]);
    await Promise.all(['dana', 'DANA'].map((name) => loaders.userByUsername.load(name)));
    expect(calls).toEqual([
      { method: 'groupsByPath', keys: 2 },
      { method: 'usersByUsername', keys: 1 },
    ]);
  });

  it('do not read by id what was read by path, nor by path what was read by id', async () => {
    const { loaders, calls } = loadersOn(worldOfGroups(2));
    await loaders.groupByPath.load('team1');
    await loaders.groupById.load('1');
    await loaders.groupById.load('2');
    await loaders.groupByPath.load('Team2');
    await loaders.userByUsername.load('dana');
    await loaders.userById.load('7');
    expect(calls.map(({ method }) => method)).toEqual(['groupsByPath', 'groupsById', 'usersByUsername']);
  });

  it('reject the one key that GitLab failed on, and no other', async () => {
    const world = worldOfGroups(2);
    world.failing.set('team1', new GitLabError('UNAVAILABLE', 'GitLab answered 503.'));
    const { loaders } = loadersOn(world);
    const [bad, good] = await Promise.allSettled([
      loaders.groupByPath.load('team1'),
      loaders.groupByPath.load('team2'),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(good).toMatchObject({ status: 'fulfilled', value: { id: '2' } });
  });

  it('take an answer that leaves a key out as an error, not as nothing there', async () => {
    const { client } = loadersOn(emptyWorld());
    const loaders = createLoaders({
      client: { ...client, groupsByPath: () => Promise.resolve(new Map()) },
      connection: fakeConnection('work'),
      grants: { standingAt: () => Promise.resolve(new Map()) },
      instanceId: '4',
    });
    await expect(loaders.groupByPath.load('team1')).rejects.toMatchObject({ code: 'UNREADABLE' });
  });

  it('read custom roles with one call for each source, whatever the number of people', async () => {
    const world = worldOfGroups(2);
    world.users.push(fakeUser('8', 'eve'));
    for (const [rowId, userId] of [
      [1, '7'],
      [2, '8'],
    ] as const) {
      world.rows.push({ rowId, source: { kind: 'group', id: '1' }, userId, level: 30, roleId: String(rowId) });
    }
    const { loaders, calls } = loadersOn(world);
    const source = { kind: 'group' as const, id: '1' };
    const rows = await Promise.all([
      loaders.directRows.load({ source, userId: '8' }),
      loaders.directRows.load({ source, userId: '7' }),
      loaders.directRows.load({ source: { kind: 'group', id: '2' }, userId: '7' }),
    ]);
    expect(rows.map((found) => found.map(({ memberRoleId }) => memberRoleId))).toEqual([['2'], ['1'], []]);
    expect(calls).toEqual([
      { method: 'directRows', keys: 2 },
      { method: 'directRows', keys: 1 },
    ]);
  });

  it('look up grants of the instance for all rows of a tick at once', async () => {
    const asked: unknown[] = [];
    const { loaders } = loadersOn(emptyWorld(), (instanceId, keys) => {
      asked.push([instanceId, keys.length]);
      return Promise.resolve(new Map());
    });
    const keys = ['1', '2', '3'].map((userId) => ({ source: { kind: 'group' as const, id: '1' }, userId }));
    expect(await Promise.all(keys.map((key) => loaders.grantAt.load(key)))).toEqual([null, null, null]);
    expect(asked).toEqual([['4', 3]]);
  });
});
