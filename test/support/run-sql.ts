import { CompiledQuery } from 'kysely';
import type { Db } from '../../src/store/store.ts';

/** Runs SQL text as it is, `$1` standing for the first of the values. `T` is the shape of the rows that it asks for. */
export async function runSql<T = unknown>(db: Db, text: string, values: readonly unknown[] = []): Promise<T[]> {
  const { rows } = await db.executeQuery<T>(CompiledQuery.raw(text, [...values]));
  return rows;
}
