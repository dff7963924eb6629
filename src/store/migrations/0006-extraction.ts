import { sql } from 'kysely';
import type { Kysely } from 'kysely';

const CONNECTION = `connection_id bigint not null references connections (id) on delete cascade`;
const RUN = `run_id bigint not null references extraction_runs (id) on delete cascade`;
const SOURCE = `source_kind text not null check (source_kind in ('group', 'project')), source_id bigint not null`;

/** True for the runs from `from_run` on, up to but without `to_run`; no `to_run`: true still. */
const VERSION = `from_run integer not null, to_run integer`;

/** The columns of each fact, the same where a run collects it and where it is published. */
const FACTS = {
  groups: `gitlab_id bigint not null, parent_id bigint, full_path text not null, name text not null, visibility text not null`,
  projects: `gitlab_id bigint not null, group_id bigint, full_path text not null, name text not null,
    visibility text not null, archived boolean not null`,
  users: `gitlab_id bigint not null, username text not null, name text not null, state text not null, kind text not null,
    last_activity_on date`,
  members: `${SOURCE}, user_id bigint not null, access_level integer not null, member_role_id bigint, expires_at date,
    created_at timestamptz`,
  shares: `${SOURCE}, group_id bigint not null, max_level integer not null, member_role_id bigint, expires_at date`,
  tokens: `kind text not null check (kind in ('PERSONAL', 'GROUP', 'PROJECT')), gitlab_id bigint not null, user_id bigint,
    source_kind text, source_id bigint, access_level integer, name text not null, scopes text[] not null,
    active boolean not null, created_at timestamptz, expires_at date, last_used_at timestamptz`,
};

/** What a place's whole line of groups is, root first: worked out when a run is published. */
const PATHS: Partial<Record<string, string>> = {
  groups: ', path_ids bigint[] not null',
  projects: ', path_ids bigint[] not null',
};

const KEYS = {
  groups: 'gitlab_id',
  projects: 'gitlab_id',
  users: 'gitlab_id',
  members: 'source_kind, source_id, user_id',
  shares: 'source_kind, source_id, group_id',
  tokens: 'gitlab_id',
};

function factTables(fact: keyof typeof FACTS): string[] {
  const key = KEYS[fact];
  return [
    `create table x${fact} (connection_id bigint not null, ${FACTS[fact]}${PATHS[fact] ?? ''}, ${VERSION})`,
    `create index x${fact}_by_key on x${fact} (connection_id, ${key})`,
    `create index x${fact}_from on x${fact} (connection_id, from_run)`,
    `create index x${fact}_to on x${fact} (connection_id, to_run) where to_run is not null`,
    `create table xstage_${fact} (run_id bigint not null, ${FACTS[fact]})`,
  ];
}

/** What was read of a whole GitLab, in versions by run, and how far each run came. */
const STATEMENTS = [
  `create table extraction_runs (
    id bigint generated always as identity primary key,
    ${CONNECTION},
    run integer not null,
    status text not null check (status in ('RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    mode text not null check (mode in ('FULL', 'INCREMENTAL')),
    requested_by text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    done integer not null default 0,
    total integer,
    calls integer not null default 0,
    problem text,
    owner text,
    lease_until timestamptz,
    unique (connection_id, run)
  )`,
  `create unique index extraction_runs_running on extraction_runs (connection_id) where status = 'RUNNING'`,
  `create table extraction_unknowns (
    id bigint generated always as identity primary key,
    ${RUN},
    kind text not null check (kind in ('GROUP', 'PROJECT', 'PERSON', 'TOKENS', 'LIST')),
    gitlab_id bigint,
    full_path text,
    what text not null,
    cause text not null
  )`,
  `create index extraction_unknowns_of on extraction_unknowns (run_id, kind, gitlab_id)`,
  `create table extraction_steps (
    ${RUN},
    step text not null,
    state jsonb not null,
    done boolean not null,
    primary key (run_id, step)
  )`,
  // What hooks said has changed since the last run that read it.
  `create table extraction_marks (
    ${CONNECTION},
    source_kind text not null check (source_kind in ('group', 'project')),
    source_id bigint not null,
    marked_at timestamptz not null,
    primary key (connection_id, source_kind, source_id)
  )`,
  ...(Object.keys(FACTS) as (keyof typeof FACTS)[]).flatMap(factTables),
  ...['xgroups', 'xprojects'].flatMap((table) => [
    `create index ${table}_by_path on ${table} (connection_id, full_path collate "C")`,
    `create index ${table}_by_path_key on ${table} (connection_id, lower(full_path))`,
    `create index ${table}_below on ${table} using gin (path_ids)`,
  ]),
  `create index xusers_by_name on xusers (connection_id, lower(username))`,
  `create index xusers_by_activity on xusers (connection_id, last_activity_on, gitlab_id)`,
  `create index xmembers_by_user on xmembers (connection_id, user_id)`,
  `create index xmembers_expiring on xmembers (connection_id, expires_at) where expires_at is not null`,
  `create index xshares_by_group on xshares (connection_id, group_id)`,
  `create index xtokens_by_user on xtokens (connection_id, user_id)`,
  // Facts go with their connection. A foreign key would say so too, and look the connection up for each of very many rows.
  `create function forget_extracted() returns trigger language plpgsql as $$ begin
    ${(Object.keys(FACTS) as (keyof typeof FACTS)[]).map((fact) => `delete from x${fact} where connection_id = old.id;`).join(' ')}
    return null; end $$`,
  `create trigger zz_forget_extracted after delete on connections for each row execute function forget_extracted()`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
