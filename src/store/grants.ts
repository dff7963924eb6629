import type { Transaction } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, idColumn, millisecondsColumn, parseRow, timeColumn, toJson, toJsonOrNull } from './parse.ts';
import { notedColumn, residueColumn } from './residue.ts';
import { snapshotColumn } from './snapshots.ts';
import type { Snapshot } from './snapshots.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

/** A problem that holds a grant or revocation up, as people see it. */
export type Problem = { code: string; message: string; since: Date; nextAttemptAt: Date | null };

export const problemColumns = {
  problem_code: z.string().nullable(),
  problem_message: z.string().nullable(),
  problem_since: timeColumn.nullable(),
  next_attempt_at: timeColumn.nullable(),
};

/** The four columns as one thing; null when there is no problem. */
export function toProblem(row: {
  problem_code: string | null;
  problem_message: string | null;
  problem_since: Date | null;
  next_attempt_at: Date | null;
}): Problem | null {
  if (row.problem_code === null || row.problem_since === null) return null;
  const { problem_code: code, problem_message: message, problem_since: since, next_attempt_at: nextAttemptAt } = row;
  return { code, message: message ?? '', since, nextAttemptAt };
}

/** The same, the other way. */
export function fromProblem(problem: Problem | null) {
  return {
    problem_code: problem?.code ?? null,
    problem_message: problem?.message ?? null,
    problem_since: problem?.since ?? null,
    next_attempt_at: problem?.nextAttemptAt ?? null,
  };
}

/** What the grants' own table does not hold: where the key is. */
export const placeColumns = {
  instance_id: idColumn,
  source_kind: z.enum(['group', 'project']),
  source_id: gitlabIdColumn,
  source_path: z.string(),
  user_id: gitlabIdColumn,
  username: z.string(),
};

const grantSchema = z
  .object({
    id: idColumn,
    key_id: idColumn,
    connection_id: idColumn.nullable(),
    ...placeColumns,
    access_level: z.number().int(),
    member_role_id: z.string().nullable(),
    duration_ms: millisecondsColumn.nullable(),
    until_at: timeColumn.nullable(),
    starts_at: timeColumn.nullable(),
    reason: z.string(),
    ticket: z.string().nullable(),
    requested_by: z.string(),
    status: z.enum(['SCHEDULED', 'ACTIVATING', 'ACTIVE', 'ENDING', 'ENDED', 'FAILED']),
    effect: z.enum(['ADDED', 'RAISED', 'ALREADY_SATISFIED', 'SATISFIED_BY_INHERITANCE']).nullable(),
    satisfied_by: z.object({ id: z.string(), fullPath: z.string(), ours: z.boolean() }).nullable(),
    ...problemColumns,
    requested_at: timeColumn,
    activated_at: timeColumn.nullable(),
    due_at: timeColumn.nullable(),
    ended_at: timeColumn.nullable(),
    end_reason: z.string().nullable(),
    verified_at: timeColumn.nullable(),
    in_force_at: timeColumn.nullable(),
    backstop: z.string().nullable(),
    refusal_code: z.string().nullable(),
    noted: notedColumn,
    residue: residueColumn,
    follow_at: timeColumn.nullable(),
    base: snapshotColumn,
  })
  .transform((row) => ({
    id: row.id,
    keyId: row.key_id,
    connectionId: row.connection_id,
    instanceId: row.instance_id,
    source: { kind: row.source_kind, id: row.source_id, path: row.source_path },
    user: { id: row.user_id, username: row.username },
    accessLevel: row.access_level,
    memberRoleId: row.member_role_id,
    durationMs: row.duration_ms,
    untilAt: row.until_at,
    startsAt: row.starts_at,
    reason: row.reason,
    ticket: row.ticket,
    requestedBy: row.requested_by,
    status: row.status,
    effect: row.effect,
    satisfiedBy: row.satisfied_by,
    problem: toProblem(row),
    requestedAt: row.requested_at,
    activatedAt: row.activated_at,
    dueAt: row.due_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    verifiedAt: row.verified_at,
    inForceAt: row.in_force_at,
    backstop: row.backstop,
    /** Why GitLab refused it, as a user error's code; only where it FAILED. */
    refusalCode: row.refusal_code,
    noted: row.noted,
    residue: row.residue,
    /** When to follow it up next: whether it is in force, what outlives it. */
    followAt: row.follow_at,
    /** The membership before our first active grant at the key; null: there was none. */
    base: row.base,
  }));

/** A grant with what its key tells of it. */
export type GrantRow = z.output<typeof grantSchema>;

export type { Snapshot };

/** Grants joined with their keys. Every read of grants starts here. */
export function selectGrants(db: Db) {
  return db
    .selectFrom('grants')
    .innerJoin('keys', 'keys.id', 'grants.key_id')
    .selectAll('grants')
    .select([
      'keys.instance_id',
      'keys.source_kind',
      'keys.source_id',
      'keys.source_path',
      'keys.user_id',
      'keys.username',
    ]);
}

export const parseGrant = (row: unknown): GrantRow => parseRow('grants', grantSchema, row);

/** Null when there is no such grant. */
export async function findGrant(db: Db, id: string): Promise<GrantRow | null> {
  const row = await selectGrants(db).where('grants.id', '=', id).executeTakeFirst();
  return row === undefined ? null : parseGrant(row);
}

/** Grants by id, in no order; those that do not exist are left out. */
export async function findGrants(db: Db, ids: readonly string[]): Promise<GrantRow[]> {
  if (ids.length === 0) return [];
  return (await selectGrants(db).where('grants.id', 'in', ids).execute()).map(parseGrant);
}

/** The grants at a key that are not over, the earliest first. */
export async function unendedGrants(db: Db, keyId: string): Promise<GrantRow[]> {
  const rows = await selectGrants(db)
    .where('grants.key_id', '=', keyId)
    .where('grants.status', 'not in', ['ENDED', 'FAILED'])
    .orderBy('grants.id')
    .execute();
  return rows.map(parseGrant);
}

/** The same of many keys, by key; one without such grants is left out. */
export async function unendedGrantsAt(db: Db, keyIds: readonly string[]): Promise<Map<string, GrantRow[]>> {
  if (keyIds.length === 0) return new Map();
  const rows = await selectGrants(db)
    .where('grants.key_id', 'in', keyIds)
    .where('grants.status', 'not in', ['ENDED', 'FAILED'])
    .orderBy('grants.id')
    .execute();
  return Map.groupBy(rows.map(parseGrant), (grant) => grant.keyId);
}

export type NewGrant = {
  keyId: string;
  connectionId: string;
  accessLevel: number;
  memberRoleId: string | null;
  durationMs: number | null;
  untilAt: Date | null;
  startsAt: Date | null;
  dueAt: Date | null;
  reason: string;
  ticket: string | null;
  requestedBy: string;
  requestedAt: Date;
  status: 'SCHEDULED' | 'ACTIVATING';
};

/** Stores a request; returns its id. */
export async function insertGrant(tx: Transaction<Tables>, grant: NewGrant): Promise<string> {
  const row = await tx
    .insertInto('grants')
    .values({
      key_id: grant.keyId,
      connection_id: grant.connectionId,
      access_level: grant.accessLevel,
      member_role_id: grant.memberRoleId,
      duration_ms: grant.durationMs === null ? null : String(grant.durationMs),
      until_at: grant.untilAt,
      starts_at: grant.startsAt,
      due_at: grant.dueAt,
      reason: grant.reason,
      ticket: grant.ticket,
      requested_by: grant.requestedBy,
      requested_at: grant.requestedAt,
      status: grant.status,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

export type GrantChange = Partial<
  Pick<
    GrantRow,
    | 'status'
    | 'effect'
    | 'satisfiedBy'
    | 'problem'
    | 'activatedAt'
    | 'dueAt'
    | 'endedAt'
    | 'endReason'
    | 'verifiedAt'
    | 'inForceAt'
    | 'backstop'
    | 'refusalCode'
    | 'noted'
    | 'residue'
    | 'followAt'
    | 'base'
    | 'durationMs'
    | 'untilAt'
  >
>;

const given = <K extends string, V>(column: K, value: V | undefined): Partial<Record<K, V>> =>
  value === undefined ? {} : ({ [column]: value } as Record<K, V>);

/** Changes a grant; what is left out stays. The caller holds the key's lock. */
export async function changeGrant(tx: Transaction<Tables>, id: string, change: GrantChange): Promise<void> {
  const { satisfiedBy, base, durationMs } = change;
  const columns = {
    ...given('status', change.status),
    ...given('effect', change.effect),
    ...given('activated_at', change.activatedAt),
    ...given('due_at', change.dueAt),
    ...given('until_at', change.untilAt),
    ...given('ended_at', change.endedAt),
    ...given('end_reason', change.endReason),
    ...given('verified_at', change.verifiedAt),
    ...given('in_force_at', change.inForceAt),
    ...given('backstop', change.backstop),
    ...given('refusal_code', change.refusalCode),
    ...given('follow_at', change.followAt),
    ...(change.noted === undefined ? {} : { noted: toJsonOrNull(change.noted) }),
    ...(change.residue === undefined ? {} : { residue: toJsonOrNull(change.residue) }),
    ...(durationMs === undefined ? {} : { duration_ms: durationMs === null ? null : String(durationMs) }),
    ...(satisfiedBy === undefined ? {} : { satisfied_by: satisfiedBy === null ? null : toJson(satisfiedBy) }),
    ...(base === undefined ? {} : { base: toJsonOrNull(base) }),
    ...(change.problem === undefined ? {} : fromProblem(change.problem)),
  };
  if (Object.keys(columns).length === 0) return;
  await tx.updateTable('grants').set(columns).where('id', '=', id).execute();
}
