import fc from 'fast-check';
import { chainOf, emptyWorld, fakeGroup, fakeProject, fakeUser, type FakeRow, type FakeWorld } from './fake-gitlab.ts';
import type { SourceRef } from '../../src/gitlab/records.ts';

export const LEVELS = [5, 10, 20, 30, 40, 50];

/**
 * `acme` > `acme/ops` > `acme/ops/web`, with the project `acme/ops/web/site`; beside them `guests` and `partners`, which links
 * may invite anywhere, and a personal project `ann/notes`.
 */
export function smallTree(): FakeWorld {
  const world = emptyWorld();
  world.groups.push(
    fakeGroup('1', 'acme'),
    fakeGroup('2', 'acme/ops', '1'),
    fakeGroup('3', 'acme/ops/web', '2'),
    fakeGroup('4', 'guests'),
    fakeGroup('5', 'partners'),
  );
  world.projects.push(fakeProject('1', 'acme/ops/web/site', '3'), fakeProject('2', 'ann/notes', null));
  return world;
}

const sources: SourceRef[] = [
  ...['1', '2', '3', '4', '5'].map((id) => ({ kind: 'group' as const, id })),
  ...['1', '2'].map((id) => ({ kind: 'project' as const, id })),
];

/** Any rows and links on the small tree, at most one row for a person and place, as GitLab has it. */
export const anyWorld: fc.Arbitrary<FakeWorld> = fc
  .record({
    places: fc.uniqueArray(fc.tuple(fc.constantFrom(...sources), fc.integer({ min: 1, max: 12 })), {
      selector: ([{ kind, id }, user]) => `${kind} ${id} ${String(user)}`,
      maxLength: 60,
    }),
    levels: fc.array(fc.constantFrom(...LEVELS), { minLength: 60, maxLength: 60 }),
    links: fc.uniqueArray(
      fc.record({
        into: fc.constantFrom(...sources),
        invited: fc.constantFrom('4', '5'),
        level: fc.constantFrom(10, 20, 30, 40, 50),
      }),
      { selector: ({ into, invited }) => `${into.kind} ${into.id} ${invited}`, maxLength: 6 },
    ),
  })
  .map(({ places, levels, links }) => {
    const world = smallTree();
    for (let id = 1; id <= 12; id += 1) world.users.push(fakeUser(String(id), `person${String(id)}`));
    world.rows = places.map(([source, user], index) => ({
      rowId: 100 + index,
      source,
      userId: String(user),
      level: levels[index] ?? 10,
    }));
    world.links = links.filter(({ into, invited }) => !(into.kind === 'group' && into.id === invited));
    return world;
  });

/** What stands where, straight from the rows: for each kind and user, the levels that its rows give there. */
export function expectedRows(world: FakeWorld, source: SourceRef): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const add = (kind: string, row: FakeRow, level: number, floor: number): void => {
    if (level <= floor) return;
    const key = `${kind} ${row.userId}`;
    found.set(key, [...(found.get(key) ?? []), level]);
  };
  const at = (kind: string, id: string): FakeRow[] =>
    world.rows.filter((row) => row.source.kind === kind && row.source.id === id);
  const linksInto = (kind: string, id: string) =>
    world.links.filter(({ into }) => into.kind === kind && into.id === id);
  const groupId = source.kind === 'group' ? source.id : world.projects.find(({ id }) => id === source.id)?.groupId;
  const chain = groupId == null ? [] : chainOf(world, groupId);
  const above = source.kind === 'group' ? chain.slice(1) : chain;
  const floor = source.kind === 'project' ? 5 : 0;
  for (const row of at(source.kind, source.id)) add('DIRECT', row, row.level, 0);
  for (const row of above.flatMap((id) => at('group', id))) add('INHERITED', row, row.level, floor);
  for (const link of chain.flatMap((id) => linksInto('group', id))) {
    for (const row of at('group', link.invited)) add('SHARED', row, Math.min(row.level, link.level), floor);
  }
  if (source.kind === 'project') {
    for (const link of linksInto('project', source.id)) {
      for (const row of reaching(world, link.invited)) add('SHARED', row.row, Math.min(row.level, link.level), floor);
    }
  }
  return found;
}

function reaching(world: FakeWorld, groupId: string): { row: FakeRow; level: number }[] {
  const chain = chainOf(world, groupId);
  const at = (id: string): FakeRow[] => world.rows.filter(({ source }) => source.kind === 'group' && source.id === id);
  return [
    ...chain.flatMap(at).map((row) => ({ row, level: row.level })),
    ...world.links
      .filter(({ into }) => into.kind === 'group' && chain.includes(into.id))
      .flatMap((link) => at(link.invited).map((row) => ({ row, level: Math.min(row.level, link.level) }))),
  ];
}
