import { GroupByPathDocument, GroupIdByPathDocument, GroupsByIdDocument } from '../generated/operations.ts';
import { GitLabError } from '../errors.ts';
import { atLeast } from '../graphql/knowledge.ts';
import { fewestPacks } from '../packing/pack.ts';
import { groupAnswer, groupIdAnswer, groupsAnswer } from '../parse/answers.ts';
import type { CountedGroup } from '../parse/answers.ts';
import { gid } from '../parse/gid.ts';
import type { GroupRecord } from '../records.ts';
import type { Session } from '../session.ts';
import { aliasPart, listParts, missing } from './lookup.ts';
import type { Results } from './lookup.ts';

const LIST_SIZE = 100;

/** Whether groups can be listed by their numbers; a version that is not known yet counts as new (docs/gitlab.md §versions). */
export function hasGroupList(session: Session): boolean {
  return atLeast(session.knowledge, 17, 6);
}

/** Groups by number, from the version that has the list. What it does not show is null. */
export async function listedGroups(session: Session, ids: readonly string[]): Promise<Results<GroupRecord>> {
  const found: Results<CountedGroup> = new Map();
  const list = {
    document: GroupsByIdDocument,
    variables: (keys: string[]) => ({ ids: keys.map((id) => gid('Group', id)), count: keys.length }),
    schema: groupsAnswer,
    keyOf: ({ group }: CountedGroup) => group.id,
    size: LIST_SIZE,
  };
  await session.run(listParts(list, ids, found));
  return new Map([...found].map(([id, answer]) => [id, withoutCount(session, answer)]));
}

function withoutCount(session: Session, answer: CountedGroup | null | GitLabError): GroupRecord | null | GitLabError {
  if (answer === null || answer instanceof GitLabError) return answer;
  session.knowledge.rowCounts.saw('group', answer.group.id, answer.directRows);
  return answer.group;
}

const whole = { document: GroupByPathDocument, variables: (fullPath: string) => ({ fullPath }), schema: groupAnswer };
const idOnly = {
  document: GroupIdByPathDocument,
  variables: (fullPath: string) => ({ fullPath }),
  schema: groupIdAnswer,
};

/**
 * Groups by distinct paths in lower case. A path needs an alias of its own, and a whole group is dear there: where many are asked
 * for, only their numbers are asked for by path, and the groups by list. A group that the list leaves out is asked for by path.
 */
export async function groupsAt(session: Session, paths: readonly string[]): Promise<Results<GroupRecord>> {
  const results: Results<GroupRecord> = new Map();
  const byPath = (some: readonly string[]) => some.map((path) => aliasPart(whole, path, results));
  const ids: Results<string> = new Map();
  const idParts = paths.map((path) => aliasPart(idOnly, path, ids));
  const callsByNumber = fewestPacks(idParts, session.limits()) + 1;
  if (!hasGroupList(session) || callsByNumber >= fewestPacks(byPath(paths), session.limits())) {
    await session.run(byPath(paths));
    return results;
  }
  await session.run(idParts);
  if (!hasGroupList(session)) {
    await session.run(byPath(paths.filter((path) => typeof ids.get(path) === 'string')));
    return withNone(ids, results);
  }
  const groups = await listedGroups(session, [...new Set([...ids.values()].filter((id) => typeof id === 'string'))]);
  for (const [path, id] of ids) if (typeof id === 'string') results.set(path, groups.get(id) ?? null);
  const unlisted = missing(paths, results).filter((path) => typeof ids.get(path) === 'string');
  await session.run(byPath(unlisted));
  return withNone(ids, results);
}

/** The groups, and for paths without a number why there is none. */
function withNone(ids: Results<string>, results: Results<GroupRecord>): Results<GroupRecord> {
  for (const [path, id] of ids) if (typeof id !== 'string') results.set(path, id);
  return results;
}
