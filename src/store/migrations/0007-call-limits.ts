import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * What the gateway's processes take of GitLab's limits together: one window of each limit in use, and who shares a connection.
 * `window_at` and `shut_until` are times of GitLab's clock, the others of the database's.
 */
const STATEMENTS = [
  `create table call_windows (
    connection_id bigint not null references connections on delete cascade,
    name text not null,
    window_at timestamptz not null,
    taken integer not null,
    granted integer not null,
    passed integer not null,
    shut_until timestamptz,
    touched_at timestamptz not null,
    primary key (connection_id, name)
  )`,
  `create table call_sharers (
    connection_id bigint not null references connections on delete cascade,
    owner text not null,
    seen_at timestamptz not null,
    primary key (connection_id, owner)
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
