import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** A rotation of a connection's token that was sent and not answered yet: which sealed token it is of, and since when. */
const STATEMENTS = [
  `alter table connections add column rotating_token_jwe text`,
  `alter table connections add column rotating_since timestamptz`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
