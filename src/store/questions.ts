import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { z } from 'zod';
import { idColumn, parseRow, timeColumn } from './parse.ts';
import type { Db } from './store.ts';
import type { ExtractionTables } from './tables.ts';

/** Which facts a question is answered from: those of one finished run of a connection. */
export type At = { connectionId: string; run: number };

type Fact = 'xgroups' | 'xprojects' | 'xusers' | 'xmembers' | 'xshares';

/**
 * The rows of a fact as a run left them, for `from` and `join`. It names the run itself, never "the latest", so that the
 * statements of one question agree although another run is published between them.
 */
export function seen(fact: Fact & keyof ExtractionTables, { connectionId, run }: At): RawBuilder<unknown> {
  return sql`(select * from ${sql.table(fact)} where connection_id = ${connectionId}::bigint
    and from_run <= ${run}::int and (to_run is null or to_run > ${run}::int))`;
}

/**
 * Numbers of GitLab as one value that both drivers take for an array: its text, as PostgreSQL writes arrays. A cast from text would
 * be worked out anew for each row.
 */
export function ids(numbers: Iterable<string>): RawBuilder<unknown> {
  return sql`${`{${[...numbers].join(',')}}`}::bigint[]`;
}

/** Small whole numbers, likewise. */
export function integers(numbers: Iterable<number>): RawBuilder<unknown> {
  return sql`${`{${[...numbers].join(',')}}`}::int[]`;
}

/** Words of our own (no commas or quotes), likewise. */
export function words(texts: Iterable<string>): RawBuilder<unknown> {
  return sql`${`{${[...texts].join(',')}}`}::text[]`;
}

export const dayColumn = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .nullable();

/** `count(*)` as both drivers give it. */
export const countColumn = z.string().regex(/^\d+$/).transform(Number);

/** The one number that a statement counts, in its column `count`. */
export async function counted(db: Db, what: string, query: RawBuilder<unknown>): Promise<number> {
  const { rows } = await query.execute(db);
  return parseRow(what, z.object({ count: countColumn }), rows[0]).count;
}

/** A run that was published. */
export type FinishedRun = { id: string; run: number; startedAt: Date; finishedAt: Date };

const runColumns = z.object({ id: idColumn, run: z.int(), started_at: timeColumn, finished_at: timeColumn });

/** The run of this number, or else the latest that had finished by `asOf` (null: at all). Null where there is none. */
export async function findRun(
  db: Db,
  connectionId: string,
  wanted: { run: number | null; asOf: Date | null },
): Promise<FinishedRun | null> {
  const { run, asOf } = wanted;
  let query = db
    .selectFrom('extraction_runs')
    .select(['id', 'run', 'started_at', 'finished_at'])
    .where('connection_id', '=', connectionId)
    .where('status', '=', 'DONE');
  if (run !== null) query = query.where('run', '=', run);
  if (asOf !== null) query = query.where('finished_at', '<=', asOf);
  const row = await query.orderBy('run', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) return null;
  const parsed = parseRow('extraction_runs', runColumns, row);
  return { id: parsed.id, run: parsed.run, startedAt: parsed.started_at, finishedAt: parsed.finished_at };
}

/** Whose unread places may hide something; null stands for all of that kind. */
export type UnknownScope = {
  groups: readonly string[] | null;
  projects: readonly string[] | null;
  people: readonly string[] | null;
};

/**
 * How many things within the scope the runs could not read: lists (which may hide anything) always, tokens never. What two
 * runs could not read alike counts once.
 */
export async function countUnknowns(db: Db, runIds: readonly string[], scope: UnknownScope): Promise<number> {
  const within = (kind: string, wanted: readonly string[] | null): RawBuilder<unknown> =>
    wanted === null
      ? sql`kind = ${kind}`
      : sql`(kind = ${kind} and (gitlab_id is null or gitlab_id = any(${ids(wanted)})))`;
  return counted(
    db,
    'extraction_unknowns',
    sql`select count(*)::text as count from (
      select distinct kind, gitlab_id, full_path, what from extraction_unknowns
      where run_id = any(${ids(runIds)}) and what <> 'TOKENS'
        and (kind = 'LIST' or ${within('GROUP', scope.groups)} or ${within('PROJECT', scope.projects)}
          or ${within('PERSON', scope.people)})) unknown`,
  );
}
