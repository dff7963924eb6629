import { describe, expect, it } from '@jest/globals';
import {
  authorizedLevel,
  createClock,
  createWorld,
  defaultSettings,
  humanOwnerRows,
  inheritedFrom,
  directRow,
  membersOf,
  rowLevelOnGroup,
} from '../../sandbox/model/index.ts';
import type { World } from '../../sandbox/model/index.ts';
import { fixturesOf, GROUPS, PROJECTS, seedWorld, TOKENS, USERS } from '../../sandbox/seed/index.ts';
import type { SeedSize } from '../../sandbox/seed/index.ts';

function seeded(size: SeedSize, seed = 1): World {
  const clock = createClock(() => Date.parse('2026-03-02T09:00:00Z'));
  const world = createWorld({ clock, settings: defaultSettings() });
  seedWorld(world, { size, seed });
  return world;
}

function tables(world: World): unknown {
  const { users, groups, projects, members, links, tokens } = world;
  return [users, groups, projects, members, links, tokens].map((table) => [...table.values()]);
}

describe('a seeded world', () => {
  it('is the same for the same size and seed, and another for another seed', () => {
    expect(tables(seeded('small', 5))).toEqual(tables(seeded('small', 5)));
    expect(tables(seeded('small', 5))).not.toEqual(tables(seeded('small', 6)));
  });

  it.each([
    ['small', 30, 40, 120, 60],
    ['medium', 200, 600, 1_100, 1_050],
    ['large', 1_000, 5_000, 10_000, 1_200],
  ] as const)(
    'of size %s has %i groups, %i projects, about %i users and a group of %i members',
    (size, groups, projects, users, biggest) => {
      const startedMs = Date.now();
      const world = seeded(size);
      expect(Date.now() - startedMs).toBeLessThan(10_000);
      expect([world.groups.size, world.projects.size]).toEqual([groups, projects]);
      expect(world.users.size).toBeGreaterThanOrEqual(users);
      expect(world.users.size).toBeLessThan(users * 1.1);
      expect(membersOf(world, 'Group', fixturesOf(world).groups.everyone.id)).toHaveLength(biggest);
    },
  );

  it('has every well-known record, and nothing waits to come into force', () => {
    const world = seeded('small');
    const { groups, projects, users } = fixturesOf(world);
    expect(Object.values(groups).map(({ fullPath }) => fullPath)).toEqual(Object.values(GROUPS));
    expect(Object.values(projects).map(({ fullPath }) => fullPath)).toEqual(Object.values(PROJECTS));
    expect(Object.values(users).map(({ username }) => username)).toEqual(Object.values(USERS));
    expect([...world.tokens.values()].map(({ value }) => value)).toEqual(expect.arrayContaining(Object.values(TOKENS)));
    expect(authorizedLevel(world, users.bob.id, projects.api.id)).toBe(30);
    expect(world.settings.authorizationDelayMs).toBe(defaultSettings().authorizationDelayMs);
  });

  it('nests up to five levels, with few large groups and many small ones', () => {
    const world = seeded('medium');
    const depths = [...world.groups.values()].map(({ fullPath }) => fullPath.split('/').length);
    expect(Math.max(...depths)).toBe(5);
    const sizes = [...world.groups.keys()].map((id) => membersOf(world, 'Group', id).length).sort((a, b) => b - a);
    expect(sizes[0]).toBeGreaterThan(1_000);
    expect(sizes.filter((size) => size <= 10).length).toBeGreaterThan(sizes.length / 2);
  });

  it('has no row below an inherited one, and a human Owner in every top-level group', () => {
    const world = seeded('medium');
    for (const row of world.members.values()) {
      if (row.requestedAt !== null) continue;
      const above = inheritedFrom(world, row.sourceKind, row.sourceId);
      const inherited = above.map((group) => directRow(world, 'Group', group.id, row.userId)?.accessLevel ?? 0);
      expect(row.accessLevel).toBeGreaterThanOrEqual(Math.max(0, ...inherited));
    }
    for (const group of world.groups.values()) {
      if (group.parentId === null) expect(humanOwnerRows(world, group).length).toBeGreaterThan(0);
    }
  });

  it('has a person with direct, inherited and shared rows, and people in every state', () => {
    const world = seeded('small');
    const { groups, users } = fixturesOf(world);
    expect(rowLevelOnGroup(world, users.carol.id, groups.payments.id)).toBe(40);
    expect(new Set([...world.users.values()].map(({ state }) => state))).toEqual(
      new Set(['active', 'blocked', 'deactivated', 'banned']),
    );
    expect(new Set([...world.groups.values()].map(({ visibility }) => visibility)).size).toBe(3);
    expect([...world.members.values()].some(({ expiresAt }) => expiresAt !== null)).toBe(true);
  });

  it('is not seeded over another', () => {
    expect(() => seedWorld(seeded('small'), { size: 'small', seed: 1 })).toThrow('clear it before seeding');
  });
});
