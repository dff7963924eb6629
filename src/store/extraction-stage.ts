import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { storableText } from './canonical.ts';
import { gitlabIdColumn, parseRow } from './parse.ts';
import type { Db } from './store.ts';
import type { ExtractionTables, Tables } from './tables.ts';

type Fact<T> = { [K in keyof Omit<T, 'run_id'>]: unknown };
/** Rows to collect, by kind, with the names of the columns; dates and times are text. */
export type StagedRows = {
  groups?: readonly Fact<ExtractionTables['xstage_groups']>[];
  projects?: readonly Fact<ExtractionTables['xstage_projects']>[];
  users?: readonly Fact<ExtractionTables['xstage_users']>[];
  members?: readonly Fact<ExtractionTables['xstage_members']>[];
  shares?: readonly Fact<ExtractionTables['xstage_shares']>[];
  tokens?: readonly Fact<ExtractionTables['xstage_tokens']>[];
};
export type FactName = keyof StagedRows;

/** The columns of each kind as SQL knows them. */
export const FACT_COLUMNS: Record<FactName, Record<string, string>> = {
  groups: { gitlab_id: 'bigint', parent_id: 'bigint', full_path: 'text', name: 'text', visibility: 'text' },
  projects: {
    gitlab_id: 'bigint',
    group_id: 'bigint',
    full_path: 'text',
    name: 'text',
    visibility: 'text',
    archived: 'boolean',
  },
  users: {
    gitlab_id: 'bigint',
    username: 'text',
    name: 'text',
    state: 'text',
    kind: 'text',
    last_activity_on: 'date',
  },
  members: {
    source_kind: 'text',
    source_id: 'bigint',
    user_id: 'bigint',
    access_level: 'integer',
    member_role_id: 'bigint',
    expires_at: 'date',
    created_at: 'timestamptz',
  },
  shares: {
    source_kind: 'text',
    source_id: 'bigint',
    group_id: 'bigint',
    max_level: 'integer',
    member_role_id: 'bigint',
    expires_at: 'date',
  },
  tokens: {
    kind: 'text',
    gitlab_id: 'bigint',
    user_id: 'bigint',
    source_kind: 'text',
    source_id: 'bigint',
    access_level: 'integer',
    name: 'text',
    scopes: 'text[]',
    active: 'boolean',
    created_at: 'timestamptz',
    expires_at: 'date',
    last_used_at: 'timestamptz',
  },
};

const FACTS = Object.keys(FACT_COLUMNS) as FactName[];

/** Rows that go in with one statement. */
const IN_ONE_STATEMENT = 2_000;

const storable = (_key: string, value: unknown): unknown => (typeof value === 'string' ? storableText(value) : value);
/** How JSON writes what PostgreSQL cannot keep, and a little else. */
const DOUBTFUL = /\\u(?:0000|d[89a-f])/;

/** JSON that PostgreSQL can keep; looking at each text by itself is dear, so only where there is need of it. */
function toStorableJson(rows: readonly object[]): string {
  const text = JSON.stringify(rows);
  return DOUBTFUL.test(text) ? JSON.stringify(rows, storable) : text;
}

/** Collects rows for a run; they are seen by nobody until the run is published. */
export async function stage(tx: Transaction<Tables>, runId: string, rows: StagedRows): Promise<void> {
  for (const fact of FACTS) {
    const all = rows[fact] ?? [];
    const columns = FACT_COLUMNS[fact];
    const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)));
    const types = sql.join(Object.entries(columns).map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`));
    for (let from = 0; from < all.length; from += IN_ONE_STATEMENT) {
      const text = toStorableJson(all.slice(from, from + IN_ONE_STATEMENT));
      await sql`insert into ${sql.table(`xstage_${fact}`)} (run_id, ${names})
        select ${runId}::bigint, ${names} from jsonb_to_recordset(${text}::jsonb) as r(${types})`.execute(tx);
    }
  }
}

/** Forgets what a run collected and how far it came; without a run, that of all runs that are over. */
export async function clearStage(db: Db, runId: string | null): Promise<void> {
  for (const table of [...FACTS.map((fact) => `xstage_${fact}`), 'extraction_steps']) {
    const which =
      runId === null
        ? sql`not exists (select 1 from extraction_runs r where r.id = s.run_id and r.status = 'RUNNING')`
        : sql`s.run_id = ${runId}`;
    await sql`delete from ${sql.table(table)} s where ${which}`.execute(db);
  }
}

const sourceSchema = z.object({
  kind: z.enum(['group', 'project']),
  id: gitlabIdColumn,
  full_path: z.string(),
});

/** A group or project that a run found in its lists. */
export type StagedSource = { kind: 'group' | 'project'; id: string; fullPath: string };

function toSource(row: unknown): StagedSource {
  const { full_path: fullPath, ...rest } = parseRow('xstage', sourceSchema, row);
  return { ...rest, fullPath };
}

/** Groups or projects that were found, by number, after one of them. */
export async function stagedSources(
  db: Db,
  runId: string,
  kind: 'group' | 'project',
  page: { afterId: string; limit: number },
): Promise<StagedSource[]> {
  const { rows } = await sql`
    select distinct ${kind}::text as kind, gitlab_id as id, max(full_path) as full_path
    from ${sql.table(`xstage_${kind}s`)} where run_id = ${runId} and gitlab_id > ${page.afterId}::bigint
    group by gitlab_id order by gitlab_id limit ${page.limit}`.execute(db);
  return rows.map(toSource);
}

export async function countStagedSources(db: Db, runId: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select (select count(distinct gitlab_id) from xstage_groups where run_id = ${runId})
         + (select count(distinct gitlab_id) from xstage_projects where run_id = ${runId}) as count`.execute(db);
  return Number(rows[0]?.count ?? 0);
}

/** Sources that were found and hold a row of one of these levels, or of one of these people. */
export async function sourcesWith(
  db: Db,
  runId: string,
  { levels, usernames }: { levels: readonly number[]; usernames: readonly string[] },
): Promise<StagedSource[]> {
  const { rows } = await sql`${found(runId)}
    select kind, id, full_path from found where exists (select 1 from xstage_members m
      where m.run_id = ${runId} and m.source_kind = kind and m.source_id = id
      and (m.access_level = any(${[...levels]}::integer[]) or m.user_id in (select u.gitlab_id from xstage_users u
        where u.run_id = ${runId} and u.username = any(${[...usernames]}::text[])))) order by kind, id`.execute(db);
  return rows.map(toSource);
}

/** Sources that were found and have a token's bot among their members: these have access tokens. */
export async function sourcesWithBots(db: Db, runId: string): Promise<StagedSource[]> {
  const { rows } = await sql`${found(runId)},
    bots as (select distinct m.source_kind, m.source_id from xstage_members m
      join xstage_users u on u.run_id = m.run_id and u.gitlab_id = m.user_id and u.kind = 'TOKEN_BOT'
      where m.run_id = ${runId})
    select kind, id, full_path from found join bots on source_kind = kind and source_id = id order by kind, id`.execute(
    db,
  );
  return rows.map(toSource);
}

function found(runId: string) {
  return sql`with found as (
    select 'group'::text as kind, gitlab_id as id, max(full_path) as full_path from xstage_groups
      where run_id = ${runId} group by gitlab_id
    union all
    select 'project'::text, gitlab_id, max(full_path) from xstage_projects where run_id = ${runId} group by gitlab_id)`;
}

/** Of these groups or projects, those that were found. */
export async function amongStaged(
  db: Db,
  runId: string,
  kind: 'group' | 'project',
  ids: readonly string[],
): Promise<StagedSource[]> {
  const { rows } = await sql`
    select ${kind}::text as kind, gitlab_id as id, max(full_path) as full_path from ${sql.table(`xstage_${kind}s`)}
    where run_id = ${runId} and gitlab_id = any(${[...ids]}::bigint[]) group by gitlab_id order by gitlab_id`.execute(
    db,
  );
  return rows.map(toSource);
}

/** People with a row that were not read themselves, by number, after one of them. */
export async function missingPeople(
  db: Db,
  runId: string,
  page: { afterId: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct m.user_id as id from xstage_members m
    where m.run_id = ${runId} and m.user_id > ${page.afterId}::bigint
      and m.user_id not in (select gitlab_id from xstage_users where run_id = ${runId})
    order by 1 limit ${page.limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** What REST tells of a source's rows and GraphQL does not. */
export type SourceRoles = {
  source: { kind: 'group' | 'project'; id: string };
  rows: readonly { userId: string; memberRoleId: string | null; awaiting: boolean }[];
};

/** Enters custom roles that REST told, and drops rows that give nothing because they wait for a seat. */
export async function enterRoles(tx: Transaction<Tables>, runId: string, { source, rows }: SourceRoles): Promise<void> {
  const of = sql`m.run_id = ${runId} and m.source_kind = ${source.kind} and m.source_id = ${source.id}`;
  const roles = JSON.stringify(
    rows.filter(({ memberRoleId }) => memberRoleId !== null).map((row) => ({ u: row.userId, r: row.memberRoleId })),
  );
  await sql`update xstage_members m set member_role_id = r.r
    from jsonb_to_recordset(${roles}::jsonb) as r(u bigint, r bigint) where ${of} and m.user_id = r.u`.execute(tx);
  const awaiting = rows.filter((row) => row.awaiting).map(({ userId }) => userId);
  if (awaiting.length === 0) return;
  await sql`delete from xstage_members m where ${of} and m.user_id = any(${awaiting}::bigint[])`.execute(tx);
}

/** Full paths of the top-level groups above, or among, what was found: an incremental run seldom finds these themselves. */
export async function stagedRoots(db: Db, runId: string): Promise<string[]> {
  const { rows } = await sql<{ path: string }>`
    select distinct split_part(full_path, '/', 1) as path from (
      select full_path from xstage_groups where run_id = ${runId}
      union all select full_path from xstage_projects where run_id = ${runId} and group_id is not null) found
    order by 1`.execute(db);
  return rows.map(({ path }) => path);
}

/** Which of these numbers are those of groups, projects or people that hold for the connection now. */
export async function amongKnown(
  db: Db,
  connectionId: string,
  fact: 'groups' | 'projects' | 'users',
  ids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select gitlab_id as id from ${sql.table(`x${fact}`)}
    where connection_id = ${connectionId} and to_run is null and gitlab_id = any(${[...ids]}::bigint[])`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
