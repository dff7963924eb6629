import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { storableText } from './canonical.ts';
import { gitlabIdColumn, idColumn, jsonColumn, parseRow, toJson } from './parse.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

const stepSchema = z.object({ step: z.string(), state: jsonColumn, done: z.boolean() });

/** How far a step of a run came; its state is parsed by whoever wrote it. */
export type StepRow = z.output<typeof stepSchema>;

/** The steps of a run so far, by name. */
export async function stepsOf(db: Db, runId: string): Promise<Map<string, StepRow>> {
  const rows = await db
    .selectFrom('extraction_steps')
    .select(['step', 'state', 'done'])
    .where('run_id', '=', runId)
    .execute();
  return new Map(rows.map((row) => [row.step, parseRow('extraction_steps', stepSchema, row)]));
}

export async function saveStep(tx: Transaction<Tables>, runId: string, { step, state, done }: StepRow): Promise<void> {
  await tx
    .insertInto('extraction_steps')
    .values({ run_id: runId, step, state: toJson(state), done })
    .onConflict((conflict) => conflict.columns(['run_id', 'step']).doUpdateSet({ state: toJson(state), done }))
    .execute();
}

const unknownSchema = z
  .object({
    id: idColumn,
    kind: z.enum(['GROUP', 'PROJECT', 'PERSON', 'TOKENS', 'LIST']),
    gitlab_id: gitlabIdColumn.nullable(),
    full_path: z.string().nullable(),
    what: z.enum(['MEMBERS', 'SHARES', 'TOKENS', 'GROUPS', 'PROJECTS', 'USERS', 'PERSON']),
    cause: z.string(),
  })
  .transform(({ gitlab_id: gitlabId, full_path: fullPath, ...row }) => ({ ...row, gitlabId, fullPath }));

/** Something that a run could not read, and why; what was true of it before stays and is marked by this (S37). */
export type UnknownRow = z.output<typeof unknownSchema>;
export type NewUnknown = Omit<UnknownRow, 'id'>;

/** Notes what could not be read, each once. */
export async function addUnknowns(
  tx: Transaction<Tables>,
  runId: string,
  unknowns: readonly NewUnknown[],
): Promise<void> {
  if (unknowns.length === 0) return;
  const rows = unknowns.map(({ kind, gitlabId, fullPath, what, cause }) => ({
    kind,
    gitlab_id: gitlabId,
    full_path: fullPath === null ? null : storableText(fullPath),
    what,
    cause: storableText(cause),
  }));
  await sql`insert into extraction_unknowns (run_id, kind, gitlab_id, full_path, what, cause)
    select distinct on (r.kind, r.gitlab_id, r.what) ${runId}::bigint, r.kind, r.gitlab_id, r.full_path, r.what, r.cause
    from jsonb_to_recordset(${toJson(rows)}::jsonb)
      as r(kind text, gitlab_id bigint, full_path text, what text, cause text)
    where not exists (select 1 from extraction_unknowns u where u.run_id = ${runId} and u.kind = r.kind
      and u.gitlab_id is not distinct from r.gitlab_id and u.what = r.what)
    order by r.kind, r.gitlab_id, r.what`.execute(tx);
}

/** Of which lists the run has not seen the whole, by their `what`. */
export async function unreadLists(db: Db, runId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('extraction_unknowns')
    .select('what')
    .distinct()
    .where('run_id', '=', runId)
    .where('kind', '=', 'LIST')
    .execute();
  return new Set(rows.map(({ what }) => what));
}

/** What a run could not read, in the order in which it met it. */
export async function listUnknowns(
  db: Db,
  runId: string,
  page: { first: number; afterId: string | null },
): Promise<{ rows: UnknownRow[]; hasNextPage: boolean; totalCount: number }> {
  let query = db.selectFrom('extraction_unknowns').where('run_id', '=', runId);
  const { count } = await query.select((select) => select.fn.countAll<string>().as('count')).executeTakeFirstOrThrow();
  if (page.afterId !== null) query = query.where('id', '>', page.afterId);
  const rows = await query
    .select(['id', 'kind', 'gitlab_id', 'full_path', 'what', 'cause'])
    .orderBy('id')
    .limit(page.first + 1)
    .execute();
  return {
    rows: rows.slice(0, page.first).map((row) => parseRow('extraction_unknowns', unknownSchema, row)),
    hasNextPage: rows.length > page.first,
    totalCount: Number(count),
  };
}

export type MarkedSource = { kind: 'group' | 'project'; id: string };

/** Notes that a source has changed, for every connection to that GitLab; the next incremental run reads it again. */
export async function markChanged(db: Db, now: Date, instanceId: string, source: MarkedSource): Promise<void> {
  await sql`
    insert into extraction_marks (connection_id, source_kind, source_id, marked_at)
    select c.id, ${source.kind}, ${source.id}::bigint, ${now} from connections c
    where c.instance_id = ${instanceId}
      and exists (select 1 from extraction_runs r where r.connection_id = c.id)
    on conflict (connection_id, source_kind, source_id) do update set marked_at = excluded.marked_at`.execute(db);
}

export async function markedSources(db: Db, connectionId: string): Promise<MarkedSource[]> {
  const rows = await db
    .selectFrom('extraction_marks')
    .select(['source_kind', 'source_id'])
    .where('connection_id', '=', connectionId)
    .orderBy('source_kind')
    .orderBy('source_id')
    .execute();
  return rows.map((row) => ({ kind: row.source_kind, id: row.source_id }));
}
