import type { ShareFact, SourceFact, SourceKey, UserFact } from '../store/question-facts.ts';
import { countPeopleLosing, peopleLosing } from '../store/question-people.ts';
import type { List } from '../store/question-people.ts';
import { countPlaces, placesMatching } from '../store/question-places.ts';
import type { PlaceCursor } from '../store/question-places.ts';
import { cut } from './asked.ts';
import type { Asked } from './asked.ts';
import { clausesOfLoss } from './clauses.ts';
import { pathsTo } from './grips.ts';
import type { Grip } from './grips.ts';
import { holdingsOf } from './holdings.ts';
import { namesOf } from './names.ts';
import type { Names } from './names.ts';
import { effective } from './paths.ts';
import type { Path } from './paths.ts';
import { doorsOf, listsOf } from './source-reach.ts';

/** What is thought away: a person's row in a place, or a group's invitation into one. */
export type Removed =
  { kind: 'row'; user: UserFact; source: SourceFact } | { kind: 'share'; groupId: string; source: SourceFact };

/** One place where somebody falls to a lower level; 0 is none. */
export type Loss = { userId: string; source: SourceFact; before: number; after: number };

export type LossCursor = PlaceCursor & { userId: string };

const BOTH = ['group', 'project'] as const;
/** People whose losses are worked out together. */
const AT_ONCE = 10;

/** How many people would fall somewhere. */
export async function countLosers(asked: Asked, removed: Removed): Promise<number> {
  const { db, at } = asked;
  if (removed.kind === 'share') return countPeopleLosing(db, at, await listsWithout(asked, removed));
  const { id } = removed.user;
  const { gone, stay } = parted((await holdingsOf(asked, [id])).get(id) ?? [], removed);
  const places = await countPlaces(db, at, { clauses: clausesOfLoss(gone, stay), kinds: BOTH });
  return places > 0 ? 1 : 0;
}

/** Who would fall from what to what, and where, in the order of people's numbers, for each in that of paths. */
export async function losses(
  asked: Asked,
  removed: Removed,
  page: { first: number; after: LossCursor | null },
): Promise<{ entries: Loss[]; hasNextPage: boolean; names: Names }> {
  const found: Loss[] = [];
  const limit = page.first + 1;
  for await (const userIds of losersFrom(asked, removed, page.after?.userId ?? '0')) {
    const holdings = await holdingsOf(asked, userIds);
    for (const userId of userIds) {
      if (found.length >= limit) break;
      const after = page.after?.userId === userId ? page.after : null;
      const person = { userId, grips: holdings.get(userId) ?? [] };
      found.push(...(await lossesOf(asked, removed, person, { after, limit: limit - found.length })));
    }
    if (found.length >= limit) break;
  }
  const { entries, hasNextPage } = cut(found, page.first);
  const userIds = entries.map(({ userId }) => userId);
  const knownSources = entries.map(({ source }) => source);
  return { entries, hasNextPage, names: await namesOf(asked, { userIds, sources: [], knownSources }) };
}

/**
 * People who may lose something, a few at a time, from this number on. A share's are those who would fall in the very place: what
 * stands against it there comes down to everything below, and shares do not carry on what came by a share.
 */
async function* losersFrom(asked: Asked, removed: Removed, from: string): AsyncGenerator<string[]> {
  if (removed.kind === 'row') {
    if (BigInt(removed.user.id) >= BigInt(from)) yield [removed.user.id];
    return;
  }
  const lists = await listsWithout(asked, removed);
  for (let next: string | null = from; next !== null;) {
    const userIds: string[] = await peopleLosing(asked.db, asked.at, lists, { from: next, limit: AT_ONCE });
    yield userIds;
    const last = userIds.at(-1);
    next = last === undefined || userIds.length < AT_ONCE ? null : String(BigInt(last) + 1n);
  }
}

async function lossesOf(
  { db, at }: Asked,
  removed: Removed,
  { userId, grips }: { userId: string; grips: readonly Grip[] },
  page: { after: PlaceCursor | null; limit: number },
): Promise<Loss[]> {
  const { gone, stay } = parted(grips, removed);
  const places = await placesMatching(db, at, { clauses: clausesOfLoss(gone, stay), kinds: BOTH }, page);
  return places.map((source) => ({
    userId,
    source,
    before: effective(pathsTo(source, grips)).level,
    after: effective(pathsTo(source, stay)).level,
  }));
}

function parted(grips: readonly Grip[], removed: Removed): { gone: Grip[]; stay: Grip[] } {
  const goes = ({ path }: Grip): boolean => isRemoved(path, removed);
  return { gone: grips.filter(goes), stay: grips.filter((grip) => !goes(grip)) };
}

function isRemoved({ row, shares }: Path, removed: Removed): boolean {
  return removed.kind === 'row' ? isSame(row.source, removed.source) : shares.some((share) => isShare(share, removed));
}

function isShare({ source, groupId }: ShareFact, removed: Removed & { kind: 'share' }): boolean {
  return groupId === removed.groupId && isSame(source, removed.source);
}

function isSame(a: SourceKey, b: SourceKey): boolean {
  return a.kind === b.kind && a.id === b.id;
}

async function listsWithout(asked: Asked, removed: Removed & { kind: 'share' }): Promise<List[]> {
  return listsOf(await doorsOf(asked, removed.source), (share) => isShare(share, removed));
}
