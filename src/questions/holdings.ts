import { projectSharesBelow, rowsOfUsers, sharesOfGroups } from '../store/question-facts.ts';
import type { MemberFact } from '../store/question-facts.ts';
import type { Asked } from './asked.ts';
import { gripsOf } from './grips.ts';
import type { Grip } from './grips.ts';

/** Every hold of each of these people on groups and projects, by the person's number; in three reads for all of them. */
export async function holdingsOf({ db, at }: Asked, userIds: readonly string[]): Promise<Map<string, Grip[]>> {
  const rows = await rowsOfUsers(db, at, userIds);
  const ownGroups = rows.filter(({ source }) => source.kind === 'group').map(({ source }) => source.id);
  const groupShares = await sharesOfGroups(db, at, [...new Set(ownGroups)]);
  const reached = new Set([...ownGroups, ...groupShares.map(({ source }) => source.id)]);
  const projectShares = await projectSharesBelow(db, at, [...reached]);
  const byUser = new Map<string, MemberFact[]>(userIds.map((id) => [id, []]));
  for (const row of rows) byUser.get(row.userId)?.push(row);
  return new Map(
    [...byUser].map(([userId, own]) => [userId, gripsOf({ rows: own, groupShares, projectShares })] as const),
  );
}
