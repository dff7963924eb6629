import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, idColumn, isRowId, jsonColumn, parseRow, timeColumn, toJson } from './parse.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

const rowSchema = z
  .object({
    id: idColumn,
    name: z.string(),
    instance_id: idColumn,
    base_url: z.string(),
    status: z.enum(['CONNECTED', 'DEGRADED']),
    status_reason: z.string().nullable(),
    gitlab_user_id: gitlabIdColumn,
    username: z.string(),
    user_name: z.string(),
    identity_kind: z.string(),
    is_admin: z.boolean(),
    token_jwe: z.string(),
    token_info: jsonColumn,
    rotating_token_jwe: z.string().nullable(),
    rotating_since: timeColumn.nullable(),
    version: z.string(),
    enterprise: z.boolean(),
    report: jsonColumn,
    created_at: timeColumn,
    updated_at: timeColumn,
  })
  .transform((row) => ({
    id: row.id,
    name: row.name,
    instanceId: row.instance_id,
    baseUrl: row.base_url,
    status: row.status,
    statusReason: row.status_reason,
    gitlabUserId: row.gitlab_user_id,
    username: row.username,
    userName: row.user_name,
    identityKind: row.identity_kind,
    isAdmin: row.is_admin,
    tokenJwe: row.token_jwe,
    tokenInfo: row.token_info,
    rotating:
      row.rotating_token_jwe === null || row.rotating_since === null
        ? null
        : { tokenJwe: row.rotating_token_jwe, since: row.rotating_since },
    version: row.version,
    enterprise: row.enterprise,
    report: row.report,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));

/** A saved connection, its token encrypted. `tokenInfo` and `report` are parsed by whoever wrote them. */
export type ConnectionRow = z.output<typeof rowSchema>;

/** What a save or an update writes; the rest is the store's. */
export type ConnectionValues = Omit<
  ConnectionRow,
  'id' | 'createdAt' | 'updatedAt' | 'rotating' | 'tokenInfo' | 'report'
> & {
  tokenInfo: object;
  report: object;
};

/** What makes two names the same: case and the form of composed letters do not count. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Null: another connection has this name already, in whatever case. */
export async function insertConnection(db: Db, now: Date, values: ConnectionValues): Promise<ConnectionRow | null> {
  const row = await db
    .insertInto('connections')
    .values({ ...columns(values), created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('name_key').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : parse(row);
}

/**
 * Writes what `values` names and leaves the rest. Null: there is no such connection. The caller makes sure that a new name
 * is free (`findConnectionByName`); a taken one is an error of the database.
 */
export async function updateConnection(
  tx: Transaction<Tables>,
  now: Date,
  id: string,
  values: Partial<ConnectionValues>,
): Promise<ConnectionRow | null> {
  const current = await tx.selectFrom('connections').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (current === undefined) return null;
  const row = await tx
    .updateTable('connections')
    .set({ ...columns({ ...parse(current), ...values }), updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return parse(row);
}

/** True if it was there. Grants and revocations keep their rows and lose the pointer. */
export async function deleteConnection(db: Db, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('connections').where('id', '=', id).executeTakeFirst();
  return deleted.numDeletedRows > 0n;
}

export async function findConnection(db: Db, id: string): Promise<ConnectionRow | null> {
  if (!isRowId(id)) return null;
  const row = await db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : parse(row);
}

/** The row, locked until `tx` ends, so that what is decided by it still holds when it is written. */
export async function lockConnection(tx: Transaction<Tables>, id: string): Promise<ConnectionRow | null> {
  if (!isRowId(id)) return null;
  const row = await tx.selectFrom('connections').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : parse(row);
}

/** By name, whatever its case. */
export async function findConnectionByName(db: Db, name: string): Promise<ConnectionRow | null> {
  const row = await db.selectFrom('connections').selectAll().where('name_key', '=', nameKey(name)).executeTakeFirst();
  return row === undefined ? null : parse(row);
}

/** All of them, by name. */
export async function listConnections(db: Db): Promise<ConnectionRow[]> {
  const rows = await db.selectFrom('connections').selectAll().orderBy('name_key').execute();
  return rows.map(parse);
}

function parse(row: unknown): ConnectionRow {
  return parseRow('connections', rowSchema, row);
}

function columns(values: ConnectionValues) {
  return {
    name: values.name,
    name_key: nameKey(values.name),
    instance_id: values.instanceId,
    base_url: values.baseUrl,
    status: values.status,
    status_reason: values.statusReason,
    gitlab_user_id: values.gitlabUserId,
    username: values.username,
    user_name: values.userName,
    identity_kind: values.identityKind,
    is_admin: values.isAdmin,
    token_jwe: values.tokenJwe,
    token_info: toJson(values.tokenInfo),
    version: values.version,
    enterprise: values.enterprise,
    report: toJson(values.report),
  };
}

/**
 * A working connection to the key's GitLab, that of its latest grant first: for what is left to do where the connection was
 * deleted. Null: there is none.
 */
export async function standInConnection(db: Db, key: { id: string; instanceId: string }): Promise<string | null> {
  const { rows } = await sql`
    select id from connections where instance_id = ${key.instanceId} and status = 'CONNECTED'
    order by id = (
      select connection_id from grants where key_id = ${key.id} and connection_id is not null order by id desc limit 1
    ) desc nulls last, id
    limit 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : parseRow('connections', z.object({ id: idColumn }), row).id;
}
