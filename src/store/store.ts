import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Either the store or a transaction in it: repositories take both. */
export type Db = Kysely<Tables> | Transaction<Tables>;

/** The one clock that judges due times: the database's, shifted only by tests. Safe to read inside a transaction too. */
export type Clock = { now(): Promise<Date> };

/** SQL text beside Kysely, on the embedded store's one connection and in turn with everybody else. For the job queue. */
export type RawSql = {
  /** Without values the text may hold several statements; their rows come one after the other. */
  run(text: string, values: unknown[]): Promise<Record<string, unknown>[]>;
  /** Resolves with what ends the listening. */
  listen(channel: string, onNotification: (payload: string) => void): Promise<() => Promise<void>>;
};

/** How a library that brings its own SQL (the job queue) reaches the same database. */
export type Engine = { kind: 'embedded'; sql: RawSql } | { kind: 'postgres'; url: string };

export type Store = {
  /** Inside `transaction` it throws: use only `tx` there, or the embedded store's one connection would be waited for for ever. */
  readonly db: Kysely<Tables>;
  readonly kind: 'embedded' | 'postgres';
  readonly engine: Engine;
  readonly clock: Clock;
  /** What the database's own, unshifted clock shows when `clock` shows `at`. */
  databaseTime(at: Date): Date;
  /** Resolves when the database answers, rejects when it does not. Not inside a transaction. */
  answers(): Promise<void>;
  /** Runs `work` in one transaction (READ COMMITTED); an error rolls all of it back. Not to be nested. */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Lets what is under way end, then closes. */
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
