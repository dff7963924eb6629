import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';
import { messageOf } from './thrown.ts';

/**
 * Brings the tables up to date. Kysely holds an advisory lock meanwhile, so processes that start together wait for each
 * other. Migrations are code, not files that are looked for, so that a compiled gateway has them too.
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  const what =
    failed === undefined ? 'could not be brought up to date' : `could not be brought up to date (step ${failed})`;
  throw new Error(
    `The store's tables ${what}: ${messageOf(error)}. Nothing of that step was kept. If the store was written by a newer version, run that version.`,
    { cause: error },
  );
}
