import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failure } from './support/client.ts';
import { lab, walk } from './support/sandbox.ts';
import type { Lab } from './support/sandbox.ts';

let the: Lab;
beforeAll(async () => {
  the = await lab();
});
afterAll(async () => {
  await the.close();
});

const GROUPS = { search: null, topLevelOnly: false, wholeInstance: false };

describe('groups', () => {
  it('of an Owner are his group and everything below it, and never a public stranger', async () => {
    const client = the.as('gatehouse');
    const { items } = await walk((after) => client.groups({ ...GROUPS, first: 7, after }));
    const paths = items.map((group) => group.fullPath);
    const expected = [...the.sandbox.world.groups.values()]
      .map((group) => group.fullPath)
      .filter((path) => /^acme(\/|$)/.test(path));
    expect([...paths].sort()).toEqual(expected.sort());
  });

  it('of an administrator are the instance', async () => {
    const client = the.as('root');
    const { items } = await walk((after) => client.groups({ ...GROUPS, wholeInstance: true, first: 100, after }));
    expect(items).toHaveLength(the.sandbox.world.groups.size);
  });

  it('of somebody in a subgroup begin there', async () => {
    const client = the.as('bob');
    const { items } = await walk((after) => client.groups({ ...GROUPS, first: 100, after }));
    expect(items.every((group) => group.fullPath.startsWith('acme/'))).toBe(true);
    expect(items.map((group) => group.fullPath)).toContain('acme/platform/payments/core/ledger');
  });

  it('go on from a cursor with another page size', async () => {
    const client = the.as('root');
    const all = await client.groups({ ...GROUPS, wholeInstance: true, first: 20, after: null });
    const head = await client.groups({ ...GROUPS, wholeInstance: true, first: 3, after: null });
    const next = await client.groups({ ...GROUPS, wholeInstance: true, first: 7, after: head.endCursor });
    expect([...head.items, ...next.items]).toEqual(all.items.slice(0, 10));
    expect(all.totalCount).toBe(the.sandbox.world.groups.size);
  });

  it('can be searched, and cut to the top', async () => {
    const client = the.as('gatehouse');
    const top = await client.groups({ ...GROUPS, topLevelOnly: true, first: 20, after: null });
    expect(top.items.map((group) => group.fullPath)).toEqual(['acme']);
    const found = await client.groups({ ...GROUPS, search: 'payments', first: 20, after: null });
    expect(found.items.map((group) => group.fullPath)).toContain('acme/platform/payments');
  });

  it('take no cursor of another list', async () => {
    const error = await failure(the.as('gatehouse').groups({ ...GROUPS, first: 20, after: 'nonsense' }));
    expect(error).toMatchObject({ code: 'INVALID', details: { fields: { after: ['is invalid'] } } });
  });
});

describe('projects', () => {
  it('of an Owner are those below his groups, counted', async () => {
    const client = the.as('gatehouse');
    const read = (after: string | null) => client.projects({ first: 11, after, search: null, wholeInstance: false });
    const { items } = await walk(read);
    expect(items.every((project) => project.fullPath.startsWith('acme/'))).toBe(true);
    expect((await read(null)).totalCount).toBe(items.length);
  });

  it('of a group are those directly in it, and its subgroups are its children', async () => {
    const client = the.as('gatehouse');
    const platform = { id: String(the.known.groups.platform.id), fullPath: 'acme/platform' };
    const projects = await walk((after) => client.groupProjects(platform, { first: 5, after }));
    expect(projects.items.every((project) => project.groupId === platform.id)).toBe(true);
    expect(projects.items.map((project) => project.fullPath)).toContain('acme/platform/legacy');
    const below = await walk((after) => client.subgroups(platform, { first: 2, after }));
    expect(below.items.every((group) => group.parentId === platform.id)).toBe(true);
    expect(below.items.map((group) => group.fullPath)).toContain('acme/platform/payments');
  });

  it('of a group that is not shown are an error', async () => {
    const error = await failure(
      the.as('gatehouse').groupProjects({ id: '1', fullPath: 'shadow' }, { first: 5, after: null }),
    );
    expect(error.code).toBe('SOURCE_NOT_FOUND');
  });
});

describe('people', () => {
  /** Who has a row in these trees, by the sandbox's own records. */
  function withRows(roots: readonly string[]): Set<string> {
    const { members, groups, users } = the.sandbox.world;
    const inside = (path: string): boolean => roots.some((root) => path === root || path.startsWith(`${root}/`));
    const names = new Set<string>();
    for (const row of members.values()) {
      const group = row.sourceKind === 'Group' ? groups.get(row.sourceId) : undefined;
      const user = users.get(row.userId);
      if (group && user && row.requestedAt === null && inside(group.fullPath)) names.add(user.username);
    }
    return names;
  }

  it('of an Owner are everybody with a row in his groups, once, blocked ones too, and nobody else', async () => {
    const client = the.as('gatehouse');
    const { items } = await walk((after) => client.users({ first: 13, after, search: null, wholeInstance: false }));
    const names = items.map((user) => user.username);
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual([...withRows(['acme'])].sort());
    expect(names).toContain('dave');
    expect(names).not.toContain('carl');
  });

  it('in two trees are shown under the first only', async () => {
    const client = the.as('carol');
    const { items } = await walk((after) => client.users({ first: 4, after, search: null, wholeInstance: false }));
    const names = items.map((user) => user.username);
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual([...withRows(['acme/platform', 'partners'])].sort());
  });

  it('of somebody without groups are nobody', async () => {
    const page = await the.as('niaj').users({ first: 4, after: null, search: null, wholeInstance: false });
    expect(page).toMatchObject({ items: [], hasNextPage: false });
  });

  it('of an administrator are the instance, counted and searchable', async () => {
    const client = the.as('root');
    const { items } = await walk((after) => client.users({ first: 100, after, search: null, wholeInstance: true }));
    expect(items.length).toBeGreaterThanOrEqual(the.sandbox.world.users.size - 1);
    const found = await client.users({ first: 5, after: null, search: 'alice', wholeInstance: true });
    expect(found.items.map((user) => user.username)).toContain('alice');
  });
});
