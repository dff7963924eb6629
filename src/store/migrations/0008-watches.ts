import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Writes whose answer nobody heard, and where the group or project of a key was when it was last asked for. */
const STATEMENTS = [
  `alter table keys add column late jsonb`,
  `alter table keys add column place jsonb`,
  `alter table keys add column place_at timestamptz`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
