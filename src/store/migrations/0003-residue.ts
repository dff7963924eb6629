import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What was seen before a grant began, what outlives it, and when to look at either next. */
const STATEMENTS = [
  `alter table grants add column noted jsonb`,
  `alter table grants add column residue jsonb`,
  `alter table grants add column follow_at timestamptz`,
  `create index grants_to_follow on grants (follow_at) where follow_at is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
