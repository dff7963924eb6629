import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { idColumn, isRowId, parseRow, timeColumn } from './parse.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

const rowSchema = z
  .object({
    id: idColumn,
    connection_id: idColumn,
    run: z.int(),
    status: z.enum(['RUNNING', 'DONE', 'FAILED', 'CANCELLED']),
    mode: z.enum(['FULL', 'INCREMENTAL']),
    requested_by: z.string(),
    started_at: timeColumn,
    finished_at: timeColumn.nullable(),
    done: z.int(),
    total: z.int().nullable(),
    calls: z.int(),
    problem: z.string().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    connectionId: row.connection_id,
    run: row.run,
    status: row.status,
    mode: row.mode,
    requestedBy: row.requested_by,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    /** Groups and projects read, of how many; null: the lists are not read to their end yet. */
    done: row.done,
    total: row.total,
    calls: row.calls,
    problem: row.problem,
  }));

/** One reading of everything in a connection's reach. */
export type ExtractionRow = z.output<typeof rowSchema>;
export type ExtractionMode = ExtractionRow['mode'];

const parse = (row: unknown): ExtractionRow => parseRow('extraction_runs', rowSchema, row);

/** Who works on a run; lost when it ends, or when another process takes the run over. */
export type RunLease = { runId: string; owner: string };

const COLUMNS = [
  'id',
  'connection_id',
  'run',
  'status',
  'mode',
  'requested_by',
  'started_at',
  'finished_at',
  'done',
  'total',
  'calls',
  'problem',
] as const;

/**
 * Begins a run, or answers the one that is under way: there is one at a time for each connection. Throws where the connection
 * is gone.
 */
export async function beginRun(
  tx: Transaction<Tables>,
  now: Date,
  values: { connectionId: string; mode: ExtractionMode; requestedBy: string },
): Promise<{ run: ExtractionRow; isNew: boolean }> {
  const { connectionId, mode, requestedBy } = values;
  await tx.selectFrom('connections').select('id').where('id', '=', connectionId).forUpdate().executeTakeFirstOrThrow();
  const latest = await lastRun(tx, connectionId);
  if (latest?.status === 'RUNNING') return { run: latest, isNew: false };
  const row = await tx
    .insertInto('extraction_runs')
    .values({
      connection_id: connectionId,
      run: (latest?.run ?? 0) + 1,
      status: 'RUNNING',
      mode,
      requested_by: requestedBy,
      started_at: now,
      finished_at: null,
      total: null,
      problem: null,
      owner: null,
      lease_until: null,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  return { run: parse(row), isNew: true };
}

export async function findRun(db: Db, id: string): Promise<ExtractionRow | null> {
  if (!isRowId(id)) return null;
  const row = await db.selectFrom('extraction_runs').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : parse(row);
}

/** The newest of a connection's runs, or the newest that is DONE. */
export async function lastRun(db: Db, connectionId: string, doneOnly = false): Promise<ExtractionRow | null> {
  let query = db.selectFrom('extraction_runs').select(COLUMNS).where('connection_id', '=', connectionId);
  if (doneOnly) query = query.where('status', '=', 'DONE');
  const row = await query.orderBy('run', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : parse(row);
}

/** A connection's runs, newest first. */
export async function listRuns(
  db: Db,
  connectionId: string,
  page: { first: number; beforeId: string | null },
): Promise<{ rows: ExtractionRow[]; hasNextPage: boolean; totalCount: number }> {
  let query = db.selectFrom('extraction_runs').select(COLUMNS).where('connection_id', '=', connectionId);
  const { count } = await query
    .clearSelect()
    .select((select) => select.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  if (page.beforeId !== null) query = query.where('id', '<', page.beforeId);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(page.first + 1)
    .execute();
  return {
    rows: rows.slice(0, page.first).map(parse),
    hasNextPage: rows.length > page.first,
    totalCount: Number(count),
  };
}

/** Runs that nobody works on, the oldest first: new ones, and those whose process died. */
export async function idleRuns(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('extraction_runs')
    .select('id')
    .where('status', '=', 'RUNNING')
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Takes a run that nobody works on; null: somebody was first, or it has ended. */
export async function claimRun(
  db: Db,
  lease: RunLease,
  times: { now: Date; until: Date },
): Promise<ExtractionRow | null> {
  const row = await db
    .updateTable('extraction_runs')
    .set({ owner: lease.owner, lease_until: times.until })
    .where('id', '=', lease.runId)
    .where('status', '=', 'RUNNING')
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', times.now)]))
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? null : parse(row);
}

export type RunProgress = { doneMore?: number; total?: number; callsMore?: number };

/** Holds the run on and counts what was done; false: it is no longer ours, so nothing may be written for it. */
export async function holdRun(db: Db, lease: RunLease, until: Date, progress: RunProgress = {}): Promise<boolean> {
  const { doneMore = 0, total, callsMore = 0 } = progress;
  const row = await db
    .updateTable('extraction_runs')
    .set({
      lease_until: until,
      done: sql`done + ${doneMore}::integer`,
      calls: sql`calls + ${callsMore}::integer`,
      ...(total === undefined ? {} : { total }),
    })
    .where('id', '=', lease.runId)
    .where('owner', '=', lease.owner)
    .where('status', '=', 'RUNNING')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends the run; false: it is no longer ours. */
export async function endRun(
  tx: Transaction<Tables>,
  lease: RunLease,
  end: { status: 'DONE' | 'FAILED'; problem: string | null; finishedAt: Date; callsMore: number },
): Promise<boolean> {
  const row = await tx
    .updateTable('extraction_runs')
    .set({
      status: end.status,
      problem: end.problem,
      finished_at: end.finishedAt,
      calls: sql`calls + ${end.callsMore}::integer`,
      owner: null,
      lease_until: null,
    })
    .where('id', '=', lease.runId)
    .where('owner', '=', lease.owner)
    .where('status', '=', 'RUNNING')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Cancels a run that is under way; null: there is no such run under way. Whoever works on it finds that it is no longer his. */
export async function cancelRun(tx: Transaction<Tables>, id: string, now: Date): Promise<ExtractionRow | null> {
  const row = await tx
    .updateTable('extraction_runs')
    .set({ status: 'CANCELLED', finished_at: now, owner: null, lease_until: null })
    .where('id', '=', id)
    .where('status', '=', 'RUNNING')
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? null : parse(row);
}

/** Lets go of a run at once, for the next process to take. */
export async function releaseRun(db: Db, lease: RunLease): Promise<void> {
  await db
    .updateTable('extraction_runs')
    .set({ owner: null, lease_until: null })
    .where('id', '=', lease.runId)
    .where('owner', '=', lease.owner)
    .execute();
}

/** Whose leases on runs have not run out yet. */
export async function ownersOfRuns(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('extraction_runs')
    .select('owner')
    .distinct()
    .where('status', '=', 'RUNNING')
    .where('lease_until', '>', now)
    .execute();
  return rows.flatMap(({ owner }) => owner ?? []);
}

/** Voids every lease of a process; only where that is proven to be over. */
export async function releaseRunsOf(db: Db, owner: string): Promise<void> {
  await db
    .updateTable('extraction_runs')
    .set({ owner: null, lease_until: null })
    .where('status', '=', 'RUNNING')
    .where('owner', '=', owner)
    .execute();
}

/** The embedded store has one process, so whatever an earlier one held is free. */
export async function releaseAllRuns(db: Db): Promise<void> {
  await db
    .updateTable('extraction_runs')
    .set({ owner: null, lease_until: null })
    .where('status', '=', 'RUNNING')
    .execute();
}

/** Connected connections whose newest run of this kind, whatever became of it, began before `before`, or that have none. */
export async function connectionsDueForRun(db: Db, before: Date, mode: ExtractionMode): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from connections c
    where c.status = 'CONNECTED'
      and not exists (select 1 from extraction_runs r where r.connection_id = c.id
        and (r.status = 'RUNNING' or (r.started_at > ${before} and (r.mode = 'FULL' or r.mode = ${mode}))))
      ${
        mode === 'FULL'
          ? sql``
          : sql`and exists (select 1 from extraction_marks m where m.connection_id = c.id)
        and exists (select 1 from extraction_runs r where r.connection_id = c.id and r.status = 'DONE')`
      }
    order by c.id`.execute(db);
  return rows.map(({ id }) => id);
}
