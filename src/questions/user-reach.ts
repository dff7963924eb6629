import { countPlaces, placesMatching } from '../store/question-places.ts';
import type { PlaceCursor } from '../store/question-places.ts';
import type { SourceFact, SourceKey, UserFact } from '../store/question-facts.ts';
import { cut } from './asked.ts';
import type { Answer, Asked } from './asked.ts';
import { clausesAtLevel } from './clauses.ts';
import { pathsTo } from './grips.ts';
import { holdingsOf } from './holdings.ts';
import { wantedLevels } from './levels.ts';
import { namesOf, placesOn } from './names.ts';
import { effective, inOrder } from './paths.ts';
import type { Path } from './paths.ts';

/** One person's effective access to one place, and every way there, the highest first. */
export type ReachEntry = {
  userId: string;
  source: SourceFact;
  level: number;
  expiresAt: string | null;
  paths: readonly Path[];
};

export type UserReachQuestion = { user: UserFact; atLeast: number | null; kinds: readonly SourceKey['kind'][] };

/** Every group and project that the user reaches, in the order of paths. */
export async function userReach(
  asked: Asked,
  { user, atLeast, kinds }: UserReachQuestion,
  page: { first: number; after: PlaceCursor | null },
): Promise<Answer<ReachEntry>> {
  const grips = (await holdingsOf(asked, [user.id])).get(user.id) ?? [];
  const wanted = { clauses: clausesAtLevel(grips, wantedLevels(atLeast)), kinds };
  const read = await placesMatching(asked.db, asked.at, wanted, { after: page.after, limit: page.first + 1 });
  const { entries: places, hasNextPage } = cut(read, page.first);
  const entries = places.map((source): ReachEntry => {
    const paths = inOrder(pathsTo(source, grips));
    return { userId: user.id, source, ...effective(paths), paths };
  });
  const sources = placesOn(entries.flatMap(({ paths }) => paths));
  const names = await namesOf(asked, { userIds: [], sources, knownUsers: [user], knownSources: places });
  return { entries, hasNextPage, names, count: () => countPlaces(asked.db, asked.at, wanted) };
}
