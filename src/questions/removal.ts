import type { ShareFact, SourceFact, SourceKey, UserFact } from '../store/question-facts.ts';
import { countPeopleLosing, peopleLosing } from '../store/question-people.ts';
import type { List } from '../store/question-people.ts';
import { countPlaces, placesMatching } from '../store/question-places.ts';
import type { PlaceCursor } from '../store/question-places.ts';
import { cut } from './asked.ts';
import type { Asked } from './asked.ts';
import { clausesOfLoss, hitOf } from './clauses.ts';
import { pathsTo } from './grips.ts';
import type { Grip } from './grips.ts';
import { holdingsOf } from './holdings.ts';
import { namesOf } from './names.ts';
import type { Names } from './names.ts';
import { effective } from './paths.ts';
import type { Path } from './paths.ts';
import { doorsOf, listsOf } from './source-reach.ts';

/** What is thought away, with what is read once for every question about it. */
export type Removed =
  | { kind: 'row'; user: UserFact; source: SourceFact; grips: readonly Grip[] }
  | { kind: 'share'; groupId: string; source: SourceFact; lists: readonly List[] };

/** One place where somebody falls to a lower level; 0 is none. */
export type Loss = { userId: string; source: SourceFact; before: number; after: number };

export type LossCursor = PlaceCursor & { userId: string };

const BOTH = ['group', 'project'] as const;
const NOTHING = { below: [], projects: [], tops: [] };
const FEW_PLACES = 400;

/** A person's row in a place; null where the run saw none. */
export async function removedRow(asked: Asked, user: UserFact, source: SourceFact): Promise<Removed | null> {
  const grips = (await holdingsOf(asked, [user.id])).get(user.id) ?? [];
  const isThere = grips.some(({ path }) => isSame(path.row.source, source));
  return isThere ? { kind: 'row', user, source, grips } : null;
}

/** A group's invitation into a place; null where the run saw none. */
export async function removedShare(asked: Asked, groupId: string, source: SourceFact): Promise<Removed | null> {
  const marked = (share: ShareFact): boolean => share.groupId === groupId && isSame(share.source, source);
  const lists = listsOf(await doorsOf(asked, source), marked);
  return lists.some((list) => list.marked) ? { kind: 'share', groupId, source, lists } : null;
}

/** How many people would fall somewhere. */
export async function countLosers({ db, at }: Asked, removed: Removed): Promise<number> {
  if (removed.kind === 'share') return countPeopleLosing(db, at, removed.lists);
  const { gone, stay } = parted(removed.grips, removed);
  const places = await countPlaces(db, at, { clauses: clausesOfLoss(gone, stay), kinds: BOTH });
  return places > 0 ? 1 : 0;
}

/**
 * Who would fall from what to what, and where, in the order of people's numbers, for each in that of paths. Up to `fewPlaces` are
 * held against people's holds here; more are left to the store, person by person.
 */
export async function losses(
  asked: Asked,
  removed: Removed,
  page: { first: number; after: LossCursor | null; fewPlaces?: number },
): Promise<{ entries: Loss[]; hasNextPage: boolean; names: Names }> {
  const found: Loss[] = [];
  const limit = page.first + 1;
  for await (const people of losersFrom(asked, removed, { from: page.after?.userId ?? '0', limit })) {
    const few = await placesTouched(asked, removed, { people, most: page.fewPlaces ?? FEW_PLACES });
    for (const person of people) {
      if (found.length >= limit) break;
      const after = page.after?.userId === person.userId ? page.after : null;
      const places = few ?? (await placesOfLoss(asked, removed, person, { after, limit: limit - found.length }));
      found.push(...lossesAt(places, removed, person).filter(({ source }) => isBeyond(source, after)));
    }
    if (found.length >= limit) break;
  }
  const { entries, hasNextPage } = cut(found, page.first);
  const userIds = entries.map(({ userId }) => userId);
  const knownSources = entries.map(({ source }) => source);
  return { entries, hasNextPage, names: await namesOf(asked, { userIds, sources: [], knownSources }) };
}

type Person = { userId: string; grips: readonly Grip[] };

/**
 * People who may lose something, some at a time, from this number on. A share's are those who would fall in the very place: what
 * stands against it there comes down to everything below, and shares do not carry on what came by a share.
 */
async function* losersFrom(
  asked: Asked,
  removed: Removed,
  { from, limit }: { from: string; limit: number },
): AsyncGenerator<Person[]> {
  if (removed.kind === 'row') {
    if (BigInt(removed.user.id) >= BigInt(from)) yield [{ userId: removed.user.id, grips: removed.grips }];
    return;
  }
  for (let next: string | null = from; next !== null;) {
    const userIds: string[] = await peopleLosing(asked.db, asked.at, removed.lists, { from: next, limit });
    const holdings = await holdingsOf(asked, userIds);
    yield userIds.map((userId) => ({ userId, grips: holdings.get(userId) ?? [] }));
    const last = userIds.at(-1);
    next = last === undefined || userIds.length < limit ? null : String(BigInt(last) + 1n);
  }
}

/** All places that the removal touches, in order; null where they are more than `most`. */
async function placesTouched(
  { db, at }: Asked,
  removed: Removed,
  { people, most }: { people: readonly Person[]; most: number },
): Promise<SourceFact[] | null> {
  const gone = people.flatMap(({ grips }) => parted(grips, removed).gone);
  const clauses = gone.length === 0 ? [] : [{ hit: hitOf(gone), not: NOTHING }];
  const places = await placesMatching(db, at, { clauses, kinds: BOTH }, { after: null, limit: most + 1 });
  return places.length > most ? null : places;
}

async function placesOfLoss(
  { db, at }: Asked,
  removed: Removed,
  { grips }: Person,
  page: { after: PlaceCursor | null; limit: number },
): Promise<SourceFact[]> {
  const { gone, stay } = parted(grips, removed);
  return placesMatching(db, at, { clauses: clausesOfLoss(gone, stay), kinds: BOTH }, page);
}

function lossesAt(places: readonly SourceFact[], removed: Removed, { userId, grips }: Person): Loss[] {
  const { stay } = parted(grips, removed);
  return places
    .map((source) => ({
      userId,
      source,
      before: effective(pathsTo(source, grips)).level,
      after: effective(pathsTo(source, stay)).level,
    }))
    .filter(({ before, after }) => after < before);
}

/** In the store's order: bytes of the path, then kind and number. */
function isBeyond({ fullPath, kind, id }: SourceFact, after: PlaceCursor | null): boolean {
  if (after === null) return true;
  const order = Buffer.compare(Buffer.from(fullPath), Buffer.from(after.fullPath));
  if (order !== 0) return order > 0;
  return kind === after.kind ? BigInt(id) > BigInt(after.id) : kind > after.kind;
}

function parted(grips: readonly Grip[], removed: Removed): { gone: Grip[]; stay: Grip[] } {
  const goes = ({ path }: Grip): boolean => isRemoved(path, removed);
  return { gone: grips.filter(goes), stay: grips.filter((grip) => !goes(grip)) };
}

function isRemoved({ row, shares }: Path, removed: Removed): boolean {
  if (removed.kind === 'row') return isSame(row.source, removed.source);
  return shares.some((share) => share.groupId === removed.groupId && isSame(share.source, removed.source));
}

function isSame(a: SourceKey, b: SourceKey): boolean {
  return a.kind === b.kind && a.id === b.id;
}
