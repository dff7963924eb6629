import { sharesInto } from '../store/question-facts.ts';
import type { ShareFact, SourceFact } from '../store/question-facts.ts';
import { countPeopleThrough, peopleThrough, rowsOnLists } from '../store/question-people.ts';
import type { List } from '../store/question-people.ts';
import { cut } from './asked.ts';
import type { Answer, Asked } from './asked.ts';
import { capOf, doorsTo, pathsThrough } from './doors.ts';
import type { Door } from './doors.ts';
import { wantedLevels } from './levels.ts';
import { namesOf, placesOn } from './names.ts';
import { effective, inOrder } from './paths.ts';
import type { ReachEntry } from './user-reach.ts';

export type SourceReachQuestion = { source: SourceFact; atLeast: number | null; inForceOnly: boolean };

/** Every list whose rows reach the place, in at most two reads. */
export async function doorsOf({ db, at }: Asked, source: SourceFact): Promise<Door[]> {
  const intoProject = source.kind === 'project' ? await sharesInto(db, at, 'project', [source.id]) : [];
  const groupIds = new Set([...source.groupIds, ...intoProject.flatMap((share) => share.groupIds)]);
  return doorsTo(source, { intoGroups: await sharesInto(db, at, 'group', [...groupIds]), intoProject });
}

/** The doors as the store asks for them; those that lead through a marked share are set apart. */
export function listsOf(doors: readonly Door[], marked: (share: ShareFact) => boolean = () => false): List[] {
  return doors.map((door) => ({
    list: door.list,
    above: door.above,
    cap: capOf(door),
    marked: door.shares.some(marked),
  }));
}

/** Everybody who reaches the place, the highest level first. */
export async function sourceReach(
  asked: Asked,
  { source, atLeast, inForceOnly }: SourceReachQuestion,
  page: { first: number; after: { level: number; userId: string } | null },
): Promise<Answer<ReachEntry> & { doors: readonly Door[] }> {
  const { db, at } = asked;
  const doors = await doorsOf(asked, source);
  const filter = { lists: listsOf(doors), levels: wantedLevels(atLeast), activeOnly: inForceOnly };
  const read = await peopleThrough(db, at, filter, { after: page.after, limit: page.first + 1 });
  const { entries: people, hasNextPage } = cut(read, page.first);
  const userIds = people.map(({ userId }) => userId);
  const rows = Map.groupBy(await rowsOnLists(db, at, filter.lists, userIds), ({ userId }) => userId);
  const entries = userIds.map((userId): ReachEntry => {
    const paths = inOrder(pathsThrough(doors, rows.get(userId) ?? []));
    return { userId, source, ...effective(paths), paths };
  });
  const sources = placesOn(entries.flatMap(({ paths }) => paths));
  const names = await namesOf(asked, { userIds, sources, knownSources: [source] });
  return { entries, hasNextPage, names, doors, count: () => countPeopleThrough(db, at, filter) };
}
