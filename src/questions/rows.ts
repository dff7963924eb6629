import { changesBetween, countChanges } from '../store/question-changes.ts';
import type { ChangeCursor, ChangesFilter, RowChange } from '../store/question-changes.ts';
import { rowsOfUsers } from '../store/question-facts.ts';
import type { MemberFact, UserFact } from '../store/question-facts.ts';
import { countDormant, countExpiring, peopleDormant, rowsExpiring } from '../store/question-rows.ts';
import type { DormantCursor, DormantFilter, ExpiringCursor, ExpiringFilter } from '../store/question-rows.ts';
import { cut } from './asked.ts';
import type { Answer, Asked } from './asked.ts';
import { isWanted } from './levels.ts';
import { namedBy, namesOf } from './names.ts';

/** Rows with a date up to a day, the next to end first. */
export async function expiring(
  asked: Asked,
  filter: ExpiringFilter,
  page: { first: number; after: ExpiringCursor | null },
): Promise<Answer<MemberFact>> {
  const { db, at } = asked;
  const read = await rowsExpiring(db, at, filter, { after: page.after, limit: page.first + 1 });
  const { entries, hasNextPage } = cut(read, page.first);
  const names = await namesOf(asked, namedBy(entries));
  return { entries, hasNextPage, names, count: () => countExpiring(db, at, filter) };
}

/** Somebody without activity, and the rows of the level asked for, the highest first. */
export type DormantEntry = { user: UserFact; rows: readonly MemberFact[] };

/** People not seen active for long who still have a row of a level, the longest first. */
export async function dormant(
  asked: Asked,
  filter: DormantFilter,
  page: { first: number; after: DormantCursor | null },
): Promise<Answer<DormantEntry>> {
  const { db, at } = asked;
  const read = await peopleDormant(db, at, filter, { after: page.after, limit: page.first + 1 });
  const { entries: users, hasNextPage } = cut(read, page.first);
  const userIds = users.map(({ id }) => id);
  const held = (await rowsOfUsers(db, at, userIds)).filter((row) => isWanted(row.accessLevel, filter.levels));
  const byUser = Map.groupBy(held, ({ userId }) => userId);
  const entries = users.map((user) => ({
    user,
    rows: (byUser.get(user.id) ?? []).toSorted((a, b) => b.accessLevel - a.accessLevel),
  }));
  const names = await namesOf(asked, { ...namedBy(held), knownUsers: users });
  return { entries, hasNextPage, names, count: () => countDormant(db, at, filter) };
}

/** How direct memberships differ from those of an earlier run. */
export async function changes(
  asked: Asked,
  filter: ChangesFilter,
  page: { first: number; after: ChangeCursor | null },
): Promise<Answer<RowChange>> {
  const { db, at } = asked;
  const read = await changesBetween(db, at, filter, { after: page.after, limit: page.first + 1 });
  const { entries, hasNextPage } = cut(read, page.first);
  const rows = entries.flatMap(({ before, after }) => after ?? before ?? []);
  const names = await namesBothRuns(asked, filter.sinceRun, rows);
  return { entries, hasNextPage, names, count: () => countChanges(db, at, filter) };
}

/** Who has left, and places that are gone, are known to the earlier run only. */
async function namesBothRuns(asked: Asked, sinceRun: number, rows: readonly MemberFact[]) {
  const now = await namesOf(asked, namedBy(rows));
  const gone = rows.filter((row) => now.user(row.userId) === null || now.source(row.source) === null);
  const before = await namesOf({ ...asked, at: { ...asked.at, run: sinceRun } }, namedBy(gone));
  return {
    user: (id: string) => now.user(id) ?? before.user(id),
    source: (key: MemberFact['source']) => now.source(key) ?? before.source(key),
  };
}
