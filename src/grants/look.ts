import type { Transaction } from 'kysely';
import { bringLookForward } from '../store/ledger.ts';
import type { Tables } from '../store/tables.ts';
import type { GrantsDeps } from './deps.ts';

/** Whoever stored the wish works on it at once; the queue and the sweep take over where that process dies. */
const TAKE_OVER_AFTER_MS = 2_000;

/** The caller is about to reconcile the key itself: makes sure that somebody does, in the transaction that stores the wish. */
export async function lookSoon(deps: GrantsDeps, tx: Transaction<Tables>, keyId: string, now: Date): Promise<void> {
  await bringLookForward(tx, keyId, now);
  await deps.jobs.lookAt(tx, keyId, new Date(now.getTime() + TAKE_OVER_AFTER_MS));
}

/** Nobody works on the key yet: queues a look at once. */
export async function lookNow(deps: GrantsDeps, tx: Transaction<Tables>, keyId: string, now: Date): Promise<void> {
  await bringLookForward(tx, keyId, now);
  await deps.jobs.lookAt(tx, keyId, null);
}
