import { sourcesByKeys, usersByIds } from '../store/question-facts.ts';
import type { MemberFact, SourceFact, SourceKey, UserFact } from '../store/question-facts.ts';
import type { Asked } from './asked.ts';
import type { Path } from './paths.ts';

/** What a run knows of the people and places in an answer; null for what it does not know. */
export type Names = { user(id: string): UserFact | null; source(key: SourceKey): SourceFact | null };

/** Who and what an answer names. What is known of already is not read again. */
export type Named = {
  userIds: readonly string[];
  sources: readonly SourceKey[];
  knownUsers?: readonly UserFact[];
  knownSources?: readonly SourceFact[];
};

const keyOf = ({ kind, id }: SourceKey): string => `${kind} ${id}`;

/** Reads all that an answer names, each once. */
export async function namesOf({ db, at }: Asked, named: Named): Promise<Names> {
  const users = new Map((named.knownUsers ?? []).map((user) => [user.id, user]));
  const sources = new Map((named.knownSources ?? []).map((source) => [keyOf(source), source]));
  const unread = (kind: SourceKey['kind']): string[] => [
    ...new Set(named.sources.filter((key) => key.kind === kind && !sources.has(keyOf(key))).map(({ id }) => id)),
  ];
  const [moreUsers, moreSources] = await Promise.all([
    usersByIds(db, at, [...new Set(named.userIds.filter((id) => !users.has(id)))]),
    sourcesByKeys(db, at, { groups: unread('group'), projects: unread('project') }),
  ]);
  for (const user of moreUsers) users.set(user.id, user);
  for (const source of moreSources) sources.set(keyOf(source), source);
  return { user: (id) => users.get(id) ?? null, source: (key) => sources.get(keyOf(key)) ?? null };
}

/** The places that paths come from and through. */
export function placesOn(paths: readonly Path[]): SourceKey[] {
  return paths.flatMap(({ row, shares }) => [
    row.source,
    ...shares.flatMap((share): SourceKey[] => [share.source, { kind: 'group', id: share.groupId }]),
  ]);
}

/** Who and what rows name. */
export function namedBy(rows: readonly MemberFact[]): Named {
  return { userIds: rows.map(({ userId }) => userId), sources: rows.map(({ source }) => source) };
}
