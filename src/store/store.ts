import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Either the store or a transaction in it: repositories take both. */
export type Db = Kysely<Tables> | Transaction<Tables>;

/** The one clock that judges due times: the database's, shifted only by tests. */
export type Clock = { now(): Promise<Date> };

export type Store = {
  readonly db: Kysely<Tables>;
  readonly kind: 'embedded' | 'postgres';
  readonly clock: Clock;
  /** Runs `work` in one transaction; an error rolls all of it back. */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** What the ledger of events is told; sequence, time and hashes are the store's. */
export type NewAuditEvent = {
  actor: string;
  action: string;
  grantId?: string | null;
  revocationId?: string | null;
  connectionId?: string | null;
  summary: string;
  details?: Record<string, unknown>;
};
