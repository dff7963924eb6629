import type { ByKey } from '../client.ts';
import {
  ProjectByPathDocument,
  ProjectsByIdDocument,
  ProjectsByPathDocument,
  UserByIdDocument,
  UserByUsernameDocument,
  UsersByIdDocument,
  UsersByUsernameDocument,
} from '../generated/operations.ts';
import { projectAnswer, projectsAnswer, userAnswer, usersAnswer } from '../parse/answers.ts';
import { gid, isNumericId } from '../parse/gid.ts';
import type { GroupRecord, ProjectRecord, UserRecord } from '../records.ts';
import { restGroupById } from '../rest/sources.ts';
import type { Session } from '../session.ts';
import { groupsAt, hasGroupList, listedGroups } from './groups.ts';
import { listParts, lookup } from './lookup.ts';
import type { Results } from './lookup.ts';
import { asGitLabError, underKeys } from './results.ts';

const LIST_SIZE = 100;
/** GitLab refuses more paths than this in one field (docs/gitlab.md §lookups). */
const PATHS = 50;

function lower(key: string): string {
  return key.toLowerCase();
}

function same(key: string): string {
  return key;
}

function askable(keys: readonly string[]): string[] {
  return [...new Set(keys.map(lower))].filter((key) => key.trim() !== '');
}

function numeric(ids: readonly string[]): string[] {
  return [...new Set(ids)].filter(isNumericId);
}

/** Groups by full path, case ignored; a renamed group is not followed. */
export async function groupsByPath(session: Session, fullPaths: readonly string[]): Promise<ByKey<GroupRecord>> {
  return underKeys(fullPaths, await groupsAt(session, askable(fullPaths)), lower);
}

/** Groups by number: by list from the version that has it, one by one by REST below (docs/gitlab.md §versions). */
export async function groupsById(session: Session, ids: readonly string[]): Promise<ByKey<GroupRecord>> {
  const wanted = numeric(ids);
  if (wanted.length > 0) await session.learn();
  if (hasGroupList(session)) return underKeys(ids, await listedGroups(session, wanted), same);
  const results: Results<GroupRecord> = new Map();
  await Promise.all(
    wanted.map(async (id) => {
      results.set(id, await restGroupById(session, id).catch(asGitLabError));
    }),
  );
  return underKeys(ids, results, same);
}

/** Projects by full path, case ignored, whether or not the token's user belongs to them. */
export async function projectsByPath(session: Session, fullPaths: readonly string[]): Promise<ByKey<ProjectRecord>> {
  const how = {
    alias: { document: ProjectByPathDocument, variables: (fullPath: string) => ({ fullPath }), schema: projectAnswer },
    list: {
      document: ProjectsByPathDocument,
      variables: (keys: string[]) => ({ fullPaths: keys, count: keys.length }),
      schema: projectsAnswer,
      keyOf: (project: ProjectRecord) => lower(project.fullPath),
      size: PATHS,
    },
    since: [16, 6] as const,
  };
  return underKeys(fullPaths, await lookup(session, askable(fullPaths), how), lower);
}

export async function projectsById(session: Session, ids: readonly string[]): Promise<ByKey<ProjectRecord>> {
  const results: Results<ProjectRecord> = new Map();
  const list = {
    document: ProjectsByIdDocument,
    variables: (keys: string[]) => ({ ids: keys.map((id) => gid('Project', id)), count: keys.length }),
    schema: projectsAnswer,
    keyOf: (project: ProjectRecord) => project.id,
    size: LIST_SIZE,
  };
  await session.run(listParts(list, numeric(ids), results));
  return underKeys(ids, results, same);
}

/** People by username, case ignored, blocked ones included. */
export async function usersByUsername(session: Session, usernames: readonly string[]): Promise<ByKey<UserRecord>> {
  const how = {
    alias: { document: UserByUsernameDocument, variables: (username: string) => ({ username }), schema: userAnswer },
    list: {
      document: UsersByUsernameDocument,
      variables: (keys: string[]) => ({ usernames: keys, count: keys.length }),
      schema: usersAnswer,
      keyOf: (user: UserRecord) => lower(user.username),
      size: LIST_SIZE,
    },
  };
  return underKeys(usernames, await lookup(session, askable(usernames), how), lower);
}

/** People by number, blocked ones included. */
export async function usersById(session: Session, ids: readonly string[]): Promise<ByKey<UserRecord>> {
  const how = {
    alias: { document: UserByIdDocument, variables: (id: string) => ({ id: gid('User', id) }), schema: userAnswer },
    list: {
      document: UsersByIdDocument,
      variables: (keys: string[]) => ({ ids: keys.map((id) => gid('User', id)), count: keys.length }),
      schema: usersAnswer,
      keyOf: (user: UserRecord) => user.id,
      size: LIST_SIZE,
    },
  };
  return underKeys(ids, await lookup(session, numeric(ids), how), same);
}
