import { AsyncLocalStorage } from 'node:async_hooks';
import type { Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Knows which transaction, if any, the running code is inside. One per store. */
export type TransactionScope = {
  /** Runs `work` as the inside of `tx`; what outlives `work` is outside again. */
  run<T>(tx: Transaction<Tables>, work: () => Promise<T>): Promise<T>;
  current(): Transaction<Tables> | null;
  /** Throws when called inside a transaction. */
  refuseInside(): void;
};

/**
 * Waiting for a second connection inside a transaction can wait for ever: the embedded store has one connection, and a
 * PostgreSQL pool may be used up by transactions that all wait like this. So it is an error on both, at once.
 */
export function createTransactionScope(): TransactionScope {
  const storage = new AsyncLocalStorage<{ tx: Transaction<Tables>; open: boolean }>();
  const current = (): Transaction<Tables> | null => {
    const inside = storage.getStore();
    return inside?.open === true ? inside.tx : null;
  };
  return {
    current,
    async run(tx, work) {
      const inside = { tx, open: true };
      try {
        return await storage.run(inside, work);
      } finally {
        inside.open = false;
      }
    },
    refuseInside() {
      if (current() !== null) throw new Error('Inside a transaction use only its own `tx`, never the store itself.');
    },
  };
}
