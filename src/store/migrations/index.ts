import type { Migration } from 'kysely/migration';
import * as ledger from './0001-ledger.ts';

/** In the order of their names; a migration that was released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-ledger': ledger,
};
