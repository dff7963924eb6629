import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { ListPage, Listed } from './grant-lists.ts';
import { fromProblem, placeColumns, problemColumns, toProblem } from './grants.ts';
import type { Problem } from './grants.ts';
import { idColumn, parseRow, timeColumn, toJsonOrNull } from './parse.ts';
import { snapshotColumn } from './snapshots.ts';
import type { Snapshot } from './snapshots.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

const revocationSchema = z
  .object({
    id: idColumn,
    key_id: idColumn,
    connection_id: idColumn.nullable(),
    ...placeColumns,
    requested_by: z.string(),
    reason: z.string(),
    requested_at: timeColumn,
    verified_at: timeColumn.nullable(),
    removed: snapshotColumn,
    ...problemColumns,
  })
  .transform((row) => ({
    id: row.id,
    keyId: row.key_id,
    connectionId: row.connection_id,
    source: { kind: row.source_kind, id: row.source_id, path: row.source_path },
    user: { id: row.user_id, username: row.username },
    requestedBy: row.requested_by,
    reason: row.reason,
    requestedAt: row.requested_at,
    /** When a read showed no direct row; null while that is still due. */
    verifiedAt: row.verified_at,
    problem: toProblem(row),
    /** The row that stood there. */
    removed: row.removed,
  }));

/** The stored decision that a user shall have no direct row at a source (S38). */
export type RevocationRow = z.output<typeof revocationSchema>;

const parseRevocation = (row: unknown): RevocationRow => parseRow('revocations', revocationSchema, row);

function selectRevocations(db: Db) {
  return db
    .selectFrom('revocations')
    .innerJoin('keys', 'keys.id', 'revocations.key_id')
    .selectAll('revocations')
    .select([
      'keys.instance_id',
      'keys.source_kind',
      'keys.source_id',
      'keys.source_path',
      'keys.user_id',
      'keys.username',
    ]);
}

/** Null when there is no such revocation. */
export async function findRevocation(db: Db, id: string): Promise<RevocationRow | null> {
  const row = await selectRevocations(db).where('revocations.id', '=', id).executeTakeFirst();
  return row === undefined ? null : parseRevocation(row);
}

/** The decisions at a key that no read has proven yet, the earliest first. */
export async function pendingRevocations(db: Db, keyId: string): Promise<RevocationRow[]> {
  const rows = await selectRevocations(db)
    .where('revocations.key_id', '=', keyId)
    .where('revocations.verified_at', 'is', null)
    .where('revocations.connection_id', 'is not', null)
    .orderBy('revocations.id')
    .execute();
  return rows.map(parseRevocation);
}

/** Revocations, newest first. */
export async function listRevocations(db: Db, pendingOnly: boolean, page: ListPage): Promise<Listed<RevocationRow>> {
  let query = selectRevocations(db);
  if (pendingOnly) {
    query = query.where('revocations.verified_at', 'is', null).where('revocations.connection_id', 'is not', null);
  }
  const counted = await query
    .clearSelect()
    .select((select) => select.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  let paged = query.orderBy('revocations.id', 'desc').limit(page.first + 1);
  if (page.beforeId !== null) paged = paged.where('revocations.id', '<', page.beforeId);
  const rows = (await paged.execute()).map(parseRevocation);
  return { rows: rows.slice(0, page.first), hasNextPage: rows.length > page.first, totalCount: Number(counted.count) };
}

/** Stores the decision; returns its id. */
export async function insertRevocation(
  tx: Transaction<Tables>,
  decision: {
    keyId: string;
    connectionId: string;
    requestedBy: string;
    reason: string;
    requestedAt: Date;
    removed: Snapshot | null;
  },
): Promise<string> {
  const row = await tx
    .insertInto('revocations')
    .values({
      key_id: decision.keyId,
      connection_id: decision.connectionId,
      requested_by: decision.requestedBy,
      reason: decision.reason,
      requested_at: decision.requestedAt,
      removed: toJsonOrNull(decision.removed),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Changes a decision; what is left out stays. The caller holds the key's lock. */
export async function changeRevocation(
  tx: Transaction<Tables>,
  id: string,
  change: { verifiedAt?: Date; removed?: Snapshot | null; problem?: Problem | null },
): Promise<void> {
  const { verifiedAt, removed, problem } = change;
  const columns = {
    ...(verifiedAt === undefined ? {} : { verified_at: verifiedAt }),
    ...(removed === undefined ? {} : { removed: toJsonOrNull(removed) }),
    ...(problem === undefined ? {} : fromProblem(problem)),
  };
  if (Object.keys(columns).length === 0) return;
  await tx.updateTable('revocations').set(columns).where('id', '=', id).execute();
}
