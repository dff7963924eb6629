import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** The secret by which a connection's GitLab proves its hooks; gone with the connection. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create table hook_secrets (
        connection_id bigint primary key references connections (id) on delete cascade,
        hash text not null,
        rotated_at timestamptz not null
      )`,
    )
    .execute(db);
}
