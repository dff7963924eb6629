import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import { FACT_COLUMNS } from './extraction-stage.ts';
import type { FactName } from './extraction-stage.ts';
import type { ExtractionRow } from './extraction-runs.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

/** What the run knows to be whole; of what is not, nothing is ended for not having been seen. */
export type Coverage = { groups: boolean; projects: boolean; users: boolean; shares: boolean; personalTokens: boolean };

type Run = Pick<ExtractionRow, 'id' | 'connectionId' | 'run' | 'mode'>;

const KEYS: Record<FactName, readonly string[]> = {
  groups: ['gitlab_id'],
  projects: ['gitlab_id'],
  users: ['gitlab_id'],
  members: ['source_kind', 'source_id', 'user_id'],
  shares: ['source_kind', 'source_id', 'group_id'],
  tokens: ['gitlab_id'],
};

/** Whether the run says that it could not read this of the source that `row` names. */
function unknown(run: Run, row: RawBuilder<unknown>, what: string): RawBuilder<unknown> {
  return sql`exists (select 1 from extraction_unknowns u where u.run_id = ${run.id} and u.what = ${what}
    and u.kind = upper(${row}.source_kind) and u.gitlab_id = ${row}.source_id)`;
}

/** Whether the run has looked at all of the source that `row` names: it found it, or it knows that it is gone. */
function lookedAt(run: Run, row: RawBuilder<unknown>, coverage: Coverage): RawBuilder<unknown> {
  return sql`((${row}.source_kind = 'group' and (${coverage.groups} or exists (select 1 from xstage_groups g
      where g.run_id = ${run.id} and g.gitlab_id = ${row}.source_id)))
    or (${row}.source_kind = 'project' and (${coverage.projects} or exists (select 1 from xstage_projects p
      where p.run_id = ${run.id} and p.gitlab_id = ${row}.source_id))))`;
}

type Rule = {
  /** Which collected rows count. */
  taken: RawBuilder<unknown>;
  /** Which rows that hold and were not seen as they are have ended; a row of the same key was collected: `changed`. */
  ended: (changed: RawBuilder<unknown>) => RawBuilder<unknown>;
};

/** `x` is a row that holds, `s` one that was collected. */
function ruleFor(fact: FactName, run: Run, coverage: Coverage): Rule {
  const [x, s] = [sql`x`, sql`s`];
  const all = sql`true`;
  switch (fact) {
    case 'groups':
    case 'projects':
      return { taken: all, ended: (changed) => (coverage[fact] ? all : changed) };
    case 'users': {
      const held = sql`exists (select 1 from xmembers m where m.connection_id = ${run.connectionId}
        and m.to_run is null and m.user_id = x.gitlab_id)`;
      const unseen = sql`exists (select 1 from extraction_unknowns u where u.run_id = ${run.id} and u.kind = 'PERSON'
        and u.gitlab_id = x.gitlab_id)`;
      return {
        taken: all,
        ended: (changed) => (coverage.users ? sql`(${changed} or not (${held} or ${unseen}))` : changed),
      };
    }
    case 'members':
      return {
        taken: sql`not ${unknown(run, s, 'MEMBERS')}`,
        ended: () => sql`(not ${unknown(run, x, 'MEMBERS')} and ${lookedAt(run, x, coverage)})`,
      };
    case 'shares':
      return {
        taken: all,
        ended: (changed) =>
          coverage.shares ? sql`(not ${unknown(run, x, 'SHARES')} and ${lookedAt(run, x, coverage)})` : changed,
      };
    case 'tokens': {
      const bots = sql`exists (select 1 from xstage_users b where b.run_id = ${run.id} and b.gitlab_id = s.user_id
        and b.kind = 'TOKEN_BOT')`;
      const ofSource = sql`(x.kind <> 'PERSONAL' and not ${unknown(run, x, 'TOKENS')}
        and not ${unknown(run, x, 'MEMBERS')} and ${lookedAt(run, x, coverage)})`;
      return {
        // The list of personal tokens has those of bots too, which their source tells with more.
        taken: sql`(s.kind <> 'PERSONAL' or not ${bots})`,
        ended: (changed) => sql`(${changed} or ${ofSource} or (x.kind = 'PERSONAL' and ${coverage.personalTokens}))`,
      };
    }
  }
}

/** The columns that are compared and kept; a place's line of groups is worked out and not collected. */
function columnsOf(fact: FactName): string[] {
  const paths = fact === 'groups' || fact === 'projects' ? ['path_ids'] : [];
  return [...Object.keys(FACT_COLUMNS[fact]), ...paths];
}

/** What was collected of this kind, with the lines of groups where there are any. */
function collected(fact: FactName, run: Run): RawBuilder<unknown> {
  if (fact === 'groups') {
    return sql`(select s.*, p.path_ids from xstage_groups s join xpaths p on p.id = s.gitlab_id where s.run_id = ${run.id})`;
  }
  if (fact === 'projects') {
    return sql`(select s.*, coalesce(p.path_ids, '{}') as path_ids from xstage_projects s
      left join xpaths p on p.id = s.group_id where s.run_id = ${run.id})`;
  }
  return sql`(select * from ${sql.table(`xstage_${fact}`)} where run_id = ${run.id})`;
}

async function publishFact(tx: Transaction<Tables>, fact: FactName, run: Run, coverage: Coverage): Promise<void> {
  const table = sql.table(`x${fact}`);
  const rule = ruleFor(fact, run, coverage);
  const rows = collected(fact, run);
  const columns = columnsOf(fact);
  const keys = KEYS[fact];
  const sameKey = sql.join(
    keys.map((key) => sql`${sql.ref(`s.${key}`)} = ${sql.ref(`x.${key}`)}`),
    sql` and `,
  );
  const same = sql.join(
    columns
      .filter((column) => !keys.includes(column))
      .map((column) => sql`${sql.ref(`s.${column}`)} is not distinct from ${sql.ref(`x.${column}`)}`),
    sql` and `,
  );
  const holds = sql`x.connection_id = ${run.connectionId} and x.to_run is null`;
  const changed = sql`exists (select 1 from ${rows} s where ${rule.taken} and ${sameKey})`;
  await sql`update ${table} x set to_run = ${run.run} where ${holds}
    and not exists (select 1 from ${rows} s where ${rule.taken} and ${sameKey} and ${same})
    and ${rule.ended(changed)}`.execute(tx);
  const list = sql.join(columns.map((column) => sql.ref(column)));
  const own = sql.join(columns.map((column) => sql.ref(`s.${column}`)));
  const by = sql.join(keys.map((key) => sql.ref(`s.${key}`)));
  // Of a token that two lists show, the row of its source tells more.
  const first = fact === 'tokens' ? sql`${by}, (s.kind = 'PERSONAL')` : by;
  await sql`insert into ${table} (connection_id, from_run, ${list})
    select distinct on (${by}) ${run.connectionId}::bigint, ${run.run}::integer, ${own} from ${rows} s
    where ${rule.taken} and not exists (select 1 from ${table} x where ${holds} and ${sameKey})
    order by ${first}`.execute(tx);
}

/** The line of groups of each group that will hold, from the root down; a parent out of sight ends the line. */
async function workOutPaths(tx: Transaction<Tables>, run: Run, coverage: Coverage): Promise<void> {
  const kept = coverage.groups
    ? sql``
    : sql`union all select gitlab_id, parent_id from xgroups x
        where x.connection_id = ${run.connectionId} and x.to_run is null
        and not exists (select 1 from xstage_groups s where s.run_id = ${run.id} and s.gitlab_id = x.gitlab_id)`;
  await sql`create temporary table xpaths (id bigint not null, path_ids bigint[] not null) on commit drop`.execute(tx);
  await sql`insert into xpaths
    with recursive nodes as (
      select * from (select distinct on (gitlab_id) gitlab_id, parent_id from xstage_groups where run_id = ${run.id}
        order by gitlab_id) staged ${kept}),
    lines as (
      select n.gitlab_id as id, array[n.gitlab_id] as path_ids from nodes n
        where n.parent_id is null or n.parent_id not in (select gitlab_id from nodes)
      union all
      select n.gitlab_id, l.path_ids || n.gitlab_id from nodes n join lines l on n.parent_id = l.id
        where not n.gitlab_id = any(l.path_ids))
    select id, path_ids from lines`.execute(tx);
}

/**
 * Makes what a run collected true from this run on, all of it at once: rows that changed or are gone end, new ones begin, and
 * what the run did not look at, or could not read, stays as it was. In the transaction that ends the run.
 */
export async function publish(tx: Transaction<Tables>, run: Run, coverage: Coverage): Promise<void> {
  // The tables that a run collects into have no statistics yet, and without them the planner would go through one row by row.
  await sql`set local enable_nestloop = off`.execute(tx);
  await sql`set local enable_mergejoin = off`.execute(tx);
  await workOutPaths(tx, run, coverage);
  for (const fact of ['groups', 'projects', 'members', 'shares', 'tokens', 'users'] as const) {
    await publishFact(tx, fact, run, coverage);
  }
  await sql`delete from extraction_marks m using extraction_runs r where r.id = ${run.id}
    and m.connection_id = r.connection_id and m.marked_at < r.started_at`.execute(tx);
  if (run.mode === 'INCREMENTAL') await carryUnknowns(tx, run);
}

/** What the run before could not read and this one did not look at is not known now either. */
async function carryUnknowns(tx: Transaction<Tables>, run: Run): Promise<void> {
  await sql`insert into extraction_unknowns (run_id, kind, gitlab_id, full_path, what, cause)
    select ${run.id}::bigint, u.kind, u.gitlab_id, u.full_path, u.what, u.cause from extraction_unknowns u
    where u.run_id = (select id from extraction_runs where connection_id = ${run.connectionId} and status = 'DONE'
        and run < ${run.run} order by run desc limit 1)
      and not exists (select 1 from xstage_groups g where g.run_id = ${run.id} and u.kind = 'GROUP' and g.gitlab_id = u.gitlab_id)
      and not exists (select 1 from xstage_projects p where p.run_id = ${run.id} and u.kind = 'PROJECT' and p.gitlab_id = u.gitlab_id)
      and not exists (select 1 from extraction_unknowns o where o.run_id = ${run.id} and o.kind = u.kind and o.what = u.what
        and o.gitlab_id is not distinct from u.gitlab_id)
    order by u.id`.execute(tx);
}

/** Tells the planner what the tables hold now: the embedded store has nobody who would. */
export async function analyzeFacts(db: Db): Promise<void> {
  for (const fact of Object.keys(KEYS)) await sql`analyze ${sql.table(`x${fact}`)}`.execute(db);
}

/**
 * Forgets what held only before `before`: runs older than the newest that had finished by then, which still tells of that
 * moment, and versions of rows that had ended with it. Runs go first, so that no question names one whose rows are going.
 */
export async function forgetBefore(db: Db, before: Date): Promise<void> {
  const kept = sql`(select connection_id, max(run) as run from extraction_runs
    where status = 'DONE' and finished_at <= ${before} group by connection_id)`;
  await sql`delete from extraction_runs r using ${kept} k
    where r.connection_id = k.connection_id and r.run < k.run and r.status <> 'RUNNING'`.execute(db);
  for (const fact of Object.keys(KEYS)) {
    await sql`delete from ${sql.table(`x${fact}`)} x using ${kept} k
      where x.connection_id = k.connection_id and x.to_run <= k.run`.execute(db);
  }
}
