import type { Transaction } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** Jobs only say "look at this key now, or at that time". Losing one delays, and never loses, a revoke: the sweep finds what is due. */
export type Jobs = {
  /** Queued in `tx`, so that it exists exactly if the intent does. `at` null: now. */
  lookAt(tx: Transaction<Tables>, keyId: string, at: Date | null): Promise<void>;
  /** Starts the workers. A handler that throws is retried by its next look, not by the queue. */
  start(handlers: JobHandlers): Promise<void>;
  /** Stops taking work and waits for what is under way. */
  stop(): Promise<void>;
};

export type JobHandlers = {
  reconcile(keyId: string): Promise<void>;
  /** Finds keys whose `look_at` has passed and reconciles them; runs every few seconds, never twice at once. */
  sweep(): Promise<void>;
};
