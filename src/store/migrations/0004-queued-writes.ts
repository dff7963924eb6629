import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** A write that GitLab keeps for an administrator's approval, and the connection to ask through while it does. */
const STATEMENTS = [
  `alter table keys add column queued jsonb`,
  `alter table keys add column queued_connection_id bigint references connections (id) on delete set null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
