import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, parseRow, timeColumn } from './parse.ts';
import { dayColumn, ids, seen } from './questions.ts';
import type { At } from './questions.ts';
import type { Db } from './store.ts';

/** A group or project by GitLab's number. */
export type SourceKey = { kind: 'group' | 'project'; id: string };

/** A group or project as a run saw it. `groupIds`: from the root down to the group itself, or to the group of a project. */
export type SourceFact = SourceKey & {
  fullPath: string;
  name: string;
  visibility: string;
  /** Null for a group, of which the run does not tell. */
  archived: boolean | null;
  groupIds: readonly string[];
};

/** A person, service account or bot as a run saw it; days are `YYYY-MM-DD`. */
export type UserFact = {
  id: string;
  username: string;
  name: string;
  kind: string;
  state: string;
  lastActivityOn: string | null;
};

/** A row of a membership list as a run saw it. */
export type MemberFact = {
  source: SourceKey;
  userId: string;
  accessLevel: number;
  memberRoleId: string | null;
  expiresAt: string | null;
  createdAt: Date | null;
};

/** A group (`groupId`) that was invited into a group or project, and the most that this gives its members. */
export type ShareFact = {
  source: SourceKey;
  groupId: string;
  maxLevel: number;
  memberRoleId: string | null;
  expiresAt: string | null;
};

/** An invitation with the groups above the invited group, itself last. */
export type PlacedShare = ShareFact & { groupIds: readonly string[] };

const kindColumn = z.enum(['group', 'project']);
const idsColumn = z.string().transform((text) => (text === '' ? [] : text.split(',')));

const sourceRow = z.object({
  kind: kindColumn,
  id: gitlabIdColumn,
  full_path: z.string(),
  name: z.string(),
  visibility: z.string(),
  archived: z.boolean().nullable(),
  group_ids: idsColumn,
});

/** What `parseSource` reads of a group (`g`) or project (`p`). */
export const GROUP_COLUMNS = sql`'group' as kind, g.gitlab_id::text as id, g.full_path, g.name, g.visibility,
  null::boolean as archived, array_to_string(g.path_ids, ',') as group_ids`;
export const PROJECT_COLUMNS = sql`'project' as kind, p.gitlab_id::text as id, p.full_path, p.name, p.visibility,
  p.archived, array_to_string(p.path_ids, ',') as group_ids`;

export function parseSource(row: unknown): SourceFact {
  const { full_path: fullPath, group_ids: groupIds, ...rest } = parseRow('xgroups or xprojects', sourceRow, row);
  return { ...rest, fullPath, groupIds };
}

const userRow = z.object({
  id: gitlabIdColumn,
  username: z.string(),
  name: z.string(),
  kind: z.string(),
  state: z.string(),
  last_activity_on: dayColumn,
});

export const USER_COLUMNS = sql`u.gitlab_id::text as id, u.username, u.name, u.kind, u.state,
  u.last_activity_on::text as last_activity_on`;

export function parseUser(row: unknown): UserFact {
  const { last_activity_on: lastActivityOn, ...rest } = parseRow('xusers', userRow, row);
  return { ...rest, lastActivityOn };
}

const memberRow = z.object({
  source_kind: kindColumn,
  source_id: gitlabIdColumn,
  user_id: gitlabIdColumn,
  access_level: z.int(),
  member_role_id: gitlabIdColumn.nullable(),
  expires_at: dayColumn,
  created_at: timeColumn.nullable(),
});

export const MEMBER_COLUMNS = sql`m.source_kind, m.source_id::text as source_id, m.user_id::text as user_id,
  m.access_level, m.member_role_id::text as member_role_id, m.expires_at::text as expires_at, m.created_at`;

export function parseMember(row: unknown): MemberFact {
  const found = parseRow('xmembers', memberRow, row);
  return {
    source: { kind: found.source_kind, id: found.source_id },
    userId: found.user_id,
    accessLevel: found.access_level,
    memberRoleId: found.member_role_id,
    expiresAt: found.expires_at,
    createdAt: found.created_at,
  };
}

const shareRow = z.object({
  source_kind: kindColumn,
  source_id: gitlabIdColumn,
  group_id: gitlabIdColumn,
  max_level: z.int(),
  member_role_id: gitlabIdColumn.nullable(),
  expires_at: dayColumn,
  group_ids: idsColumn,
});

const SHARE_COLUMNS = sql`s.source_kind, s.source_id::text as source_id, s.group_id::text as group_id, s.max_level,
  s.member_role_id::text as member_role_id, s.expires_at::text as expires_at`;

function parseShare(row: unknown): PlacedShare {
  const found = parseRow('xshares', shareRow, row);
  return {
    source: { kind: found.source_kind, id: found.source_id },
    groupId: found.group_id,
    maxLevel: found.max_level,
    memberRoleId: found.member_role_id,
    expiresAt: found.expires_at,
    groupIds: found.group_ids,
  };
}

/** How a question points at a group or project. */
export type SourcePointer = SourceKey | { kind: 'group' | 'project'; fullPath: string };

/** The group or project that the run knows by number or by path (whatever the case); null where it knows none. */
export async function findSource(db: Db, at: At, pointer: SourcePointer): Promise<SourceFact | null> {
  const { columns, from, alias } =
    pointer.kind === 'group'
      ? { columns: GROUP_COLUMNS, from: seen('xgroups', at), alias: sql.ref('g') }
      : { columns: PROJECT_COLUMNS, from: seen('xprojects', at), alias: sql.ref('p') };
  const which =
    'id' in pointer
      ? sql`${alias}.gitlab_id = ${pointer.id}::bigint`
      : sql`lower(${alias}.full_path) = ${pointer.fullPath.toLowerCase()}`;
  const { rows } = await sql`select ${columns} from ${from} ${alias} where ${which} limit 1`.execute(db);
  return rows[0] === undefined ? null : parseSource(rows[0]);
}

/** Those of the groups and projects that the run knows. */
export async function sourcesByKeys(
  db: Db,
  at: At,
  wanted: { groups: readonly string[]; projects: readonly string[] },
): Promise<SourceFact[]> {
  const queries: RawBuilder<unknown>[] = [];
  if (wanted.groups.length > 0) {
    queries.push(
      sql`select ${GROUP_COLUMNS} from ${seen('xgroups', at)} g where g.gitlab_id = any(${ids(wanted.groups)})`,
    );
  }
  if (wanted.projects.length > 0) {
    queries.push(
      sql`select ${PROJECT_COLUMNS} from ${seen('xprojects', at)} p where p.gitlab_id = any(${ids(wanted.projects)})`,
    );
  }
  if (queries.length === 0) return [];
  const { rows } = await sql`${sql.join(queries, sql` union all `)}`.execute(db);
  return rows.map(parseSource);
}

/** The user that the run knows by number or username (whatever the case); null where it knows none. */
export async function findUser(
  db: Db,
  at: At,
  pointer: { id: string } | { username: string },
): Promise<UserFact | null> {
  const which =
    'id' in pointer
      ? sql`u.gitlab_id = ${pointer.id}::bigint`
      : sql`lower(u.username) = ${pointer.username.toLowerCase()}`;
  const { rows } = await sql`select ${USER_COLUMNS} from ${seen('xusers', at)} u where ${which} limit 1`.execute(db);
  return rows[0] === undefined ? null : parseUser(rows[0]);
}

/** Those of the users that the run knows. */
export async function usersByIds(db: Db, at: At, userIds: readonly string[]): Promise<UserFact[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql`select ${USER_COLUMNS} from ${seen('xusers', at)} u
    where u.gitlab_id = any(${ids(userIds)})`.execute(db);
  return rows.map(parseUser);
}

/** Every row of these users, in groups and projects. */
export async function rowsOfUsers(db: Db, at: At, userIds: readonly string[]): Promise<MemberFact[]> {
  const { rows } = await sql`select ${MEMBER_COLUMNS} from ${seen('xmembers', at)} m
    where m.user_id = any(${ids(userIds)})`.execute(db);
  return rows.map(parseMember);
}

/** The groups and projects into which these groups were invited. */
export async function sharesOfGroups(db: Db, at: At, groupIds: readonly string[]): Promise<ShareFact[]> {
  if (groupIds.length === 0) return [];
  const { rows } = await sql`select ${SHARE_COLUMNS}, '' as group_ids from ${seen('xshares', at)} s
    where s.group_id = any(${ids(groupIds)}) and s.source_kind = 'group'`.execute(db);
  return rows.map(parseShare);
}

/** The projects into which a group was invited that is one of these or below one. */
export async function projectSharesBelow(db: Db, at: At, groupIds: readonly string[]): Promise<PlacedShare[]> {
  if (groupIds.length === 0) return [];
  const { rows } = await sql`select ${SHARE_COLUMNS}, array_to_string(g.path_ids, ',') as group_ids
    from ${seen('xshares', at)} s join ${seen('xgroups', at)} g on g.gitlab_id = s.group_id
    where s.source_kind = 'project' and g.path_ids && ${ids(groupIds)}`.execute(db);
  return rows.map(parseShare);
}

/** Who was invited into these groups or, by `kind`, projects. The groups above an invited one that the run does not know: itself only. */
export async function sharesInto(
  db: Db,
  at: At,
  kind: SourceKey['kind'],
  sourceIds: readonly string[],
): Promise<PlacedShare[]> {
  if (sourceIds.length === 0) return [];
  const { rows } = await sql`select ${SHARE_COLUMNS},
      array_to_string(coalesce(g.path_ids, array[s.group_id]), ',') as group_ids
    from ${seen('xshares', at)} s left join ${seen('xgroups', at)} g on g.gitlab_id = s.group_id
    where s.source_kind = ${kind} and s.source_id = any(${ids(sourceIds)})`.execute(db);
  return rows.map(parseShare);
}
