import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addLink, addMember, directRow, removeLink, removeMember } from '../../sandbox/model/index.ts';
import type { SourceKind, World } from '../../sandbox/model/index.ts';
import type { SeedSize } from '../../sandbox/seed/index.ts';
import { createChance } from '../../sandbox/seed/prng.ts';
import type { Chance } from '../../sandbox/seed/prng.ts';
import type { Asked } from '../../src/questions/asked.ts';
import { knownSource, knownUser } from '../../src/questions/insight.ts';
import { countLosers, losses, removedRow, removedShare } from '../../src/questions/removal.ts';
import type { LossCursor, Removed } from '../../src/questions/removal.ts';
import { sourceReach } from '../../src/questions/source-reach.ts';
import { userReach } from '../../src/questions/user-reach.ts';
import type { SourceKey } from '../../src/store/question-facts.ts';
import type { PlaceCursor } from '../../src/store/question-places.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/stores.ts';
import { factsOf, fakeConnectionRow, publish } from './fill.ts';
import { membersAllOf, seededWorld } from './truth.ts';

/** As many as take a minute of one core; `npm run agreement` takes hundreds. */
const SEEDS = Number(process.env['QUESTION_SEEDS'] ?? 200);
const MS_FOR_EACH = 10_000;
const LEVELS = [10, 15, 20, 30, 40, 50] as const;

let store: Store;
let connectionId: string;
let run = 0;

beforeAll(async () => {
  store = await openTestStore({ clockShiftMs: () => 0 });
  connectionId = await fakeConnectionRow(store, 'agreement');
}, 120_000);
afterAll(() => store.close());

async function forgetAll(): Promise<void> {
  await sql`truncate xgroups, xprojects, xusers, xmembers, xshares`.execute(store.db);
}

/** What a tidy organisation does not have: shares of all sorts, rows lower than inherited ones, Minimal Access. */
function twist(world: World, chance: Chance): void {
  const [groups, projects, users] = [world.groups, world.projects, world.users].map((table) => [...table.keys()]);
  const roots = [...world.groups.values()].filter(({ parentId }) => parentId === null).map(({ id }) => id);
  const pick = (ids: number[] | undefined): number => chance.pick(ids ?? []);
  const invite = (sharedKind: SourceKind, sharedId: number): void => {
    const invitedGroupId = pick(groups);
    const there = [...world.links.values()].some(
      (link) => link.sharedKind === sharedKind && link.sharedId === sharedId && link.invitedGroupId === invitedGroupId,
    );
    if (there || (sharedKind === 'Group' && sharedId === invitedGroupId)) return;
    addLink(world, { sharedKind, sharedId, invitedGroupId, accessLevel: chance.pick(LEVELS) });
  };
  const add = (sourceKind: SourceKind, sourceId: number, accessLevel: number): void => {
    const userId = pick(users);
    if (directRow(world, sourceKind, sourceId, userId) !== undefined) return;
    addMember(world, { sourceKind, sourceId, userId, accessLevel });
  };
  for (let count = 0; count < 10; count += 1) {
    invite('Group', pick(groups));
    invite('Project', pick(projects));
    add('Group', pick(groups), chance.pick(LEVELS));
    add('Project', pick(projects), chance.pick(LEVELS));
    if (count < 4) add('Group', pick(roots), 5);
  }
}

type Place = SourceKey & { fullPath: string };

function placesOf(world: World): Place[] {
  const all = (kind: 'group' | 'project', table: Map<number, { id: number; fullPath: string }>): Place[] =>
    [...table.values()].map(({ id, fullPath }) => ({ kind, id: String(id), fullPath }));
  return [...all('group', world.groups), ...all('project', world.projects)];
}

/** Levels of everybody everywhere as GitLab tells them: `place user` → level. */
function truthOf(world: World): Map<string, number> {
  const membersAll = membersAllOf(world);
  return new Map(
    placesOf(world).flatMap(({ kind, id }) =>
      [...membersAll(kind, id)].map(([userId, level]) => [`${kind} ${id} ${userId}`, level] as const),
    ),
  );
}

function only(truth: Map<string, number>, wanted: (place: string, userId: string) => boolean): object {
  const entries = [...truth].filter(([key]) => {
    const [kind, id, userId] = key.split(' ');
    return wanted(`${kind ?? ''} ${id ?? ''}`, userId ?? '');
  });
  return Object.fromEntries(entries.toSorted());
}

async function everybodyAt(asked: Asked, key: SourceKey): Promise<object> {
  const source = await knownSource(asked, key);
  const found: [string, number][] = [];
  for (let after: { level: number; userId: string } | null = null; ;) {
    const page = await sourceReach(asked, { source, atLeast: null, inForceOnly: false }, { first: 100, after });
    for (const { userId, level } of page.entries) found.push([`${key.kind} ${key.id} ${userId}`, level]);
    after = page.entries.at(-1) ?? null;
    if (!page.hasNextPage) break;
  }
  return Object.fromEntries(found.toSorted());
}

async function everywhere(asked: Asked, userId: string): Promise<object> {
  const user = await knownUser(asked, { id: userId });
  const found: [string, number][] = [];
  for (let after: PlaceCursor | null = null; ;) {
    const page = await userReach(asked, { user, atLeast: null, kinds: ['group', 'project'] }, { first: 100, after });
    for (const { source, level } of page.entries) found.push([`${source.kind} ${source.id} ${userId}`, level]);
    after = page.entries.at(-1)?.source ?? null;
    if (!page.hasNextPage) break;
  }
  return Object.fromEntries(found.toSorted());
}

async function allLosses(
  asked: Asked,
  removed: Removed,
  fewPlaces: number,
): Promise<{ losses: object; people: number }> {
  const found: [string, [number, number]][] = [];
  for (let after: LossCursor | null = null; ;) {
    const page = await losses(asked, removed, { first: 7, after, fewPlaces });
    for (const { userId, source, before, after: left } of page.entries) {
      found.push([`${source.kind} ${source.id} ${userId}`, [before, left]]);
    }
    const last = page.entries.at(-1);
    if (!page.hasNextPage || last === undefined) break;
    after = { ...last.source, userId: last.userId };
  }
  return { losses: Object.fromEntries(found.toSorted()), people: await countLosers(asked, removed) };
}

/** Takes a row or a share out of the world, and tells the question that thinks it away. */
async function remove(world: World, chance: Chance, asked: Asked): Promise<Removed> {
  if (chance.happens(0.5)) {
    const row = chance.pick([...world.members.values()].filter(({ requestedAt }) => requestedAt === null));
    removeMember(world, row);
    const source = await knownSource(asked, { kind: kindOf(row.sourceKind), id: String(row.sourceId) });
    return there(await removedRow(asked, await knownUser(asked, { id: String(row.userId) }), source));
  }
  const link = chance.pick([...world.links.values()]);
  removeLink(world, link);
  const source = await knownSource(asked, { kind: kindOf(link.sharedKind), id: String(link.sharedId) });
  return there(await removedShare(asked, String(link.invitedGroupId), source));
}

function there(removed: Removed | null): Removed {
  if (removed === null) throw new Error('The run saw nothing of what is removed.');
  return removed;
}

const kindOf = (kind: SourceKind): 'group' | 'project' => (kind === 'Group' ? 'group' : 'project');

function fallen(before: Map<string, number>, after: Map<string, number>): { losses: object; people: number } {
  const lower = [...before].filter(([key, level]) => (after.get(key) ?? 0) < level);
  return {
    losses: Object.fromEntries(lower.map(([key, level]) => [key, [level, after.get(key) ?? 0]] as const).toSorted()),
    people: new Set(lower.map(([key]) => key.split(' ')[2])).size,
  };
}

/** One organisation: what everybody reaches, asked in all ways, before and after something is removed. */
async function compare(size: SeedSize, seed: number): Promise<void> {
  const world = seededWorld(size, seed);
  const chance = createChance(seed * 7919);
  twist(world, chance);
  run += 1;
  await publish(store.db, connectionId, run, factsOf(world), new Date());
  const asked: Asked = { db: store.db, at: { connectionId, run } };
  const truth = truthOf(world);
  for (const place of Array.from({ length: 8 }, () => chance.pick(placesOf(world)))) {
    const key = `${place.kind} ${place.id}`;
    expect({ seed, ...(await everybodyAt(asked, place)) }).toEqual({ seed, ...only(truth, (at) => at === key) });
  }
  for (const id of Array.from({ length: 4 }, () => String(chance.pick([...world.users.keys()])))) {
    expect({ seed, ...(await everywhere(asked, id)) }).toEqual({ seed, ...only(truth, (_at, who) => who === id) });
  }
  const removed = await remove(world, chance, asked);
  expect({ seed, ...(await allLosses(asked, removed, chance.pick([0, 400]))) }).toEqual({
    seed,
    ...fallen(truth, truthOf(world)),
  });
}

describe('what a run of an extraction says', () => {
  it(
    `agrees with GitLab's members/all everywhere, before and after something is removed (${String(SEEDS)} organisations)`,
    async () => {
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        // The runs before stay for a while, ended: their rows would show.
        if (seed % 20 === 0) await forgetAll();
        await compare('small', seed);
      }
    },
    SEEDS * MS_FOR_EACH,
  );

  it('agrees with it in an organisation of medium size', async () => {
    await forgetAll();
    await compare('medium', 1);
  }, 600_000);
});
