import type { Transaction } from 'kysely';
import { refuse } from '../errors.ts';
import type { IdempotencyClaim } from '../store/idempotency.ts';
import { claimIdempotency, hashInput, peekIdempotency, storeIdempotencyResult } from '../store/idempotency.ts';
import type { Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

/** A mutation that a caller may repeat (S22). The connection that it made, changed or deleted is all that is remembered. */
export type Attempt = { caller: string; key: string | null; mutation: string; inputHash: string };

/** `input` must hold no secret in the clear: a token goes in as its hash. */
export function attempt(caller: string, key: string | null, mutation: string, input: object): Attempt {
  return { caller, key, mutation, inputHash: hashInput(input) };
}

/** The connection of an earlier equal call, null if this is the first. Throws IDEMPOTENCY_KEY_REUSED for another input. */
export async function earlier(store: Store, one: Attempt): Promise<string | null> {
  const { key } = one;
  return key === null ? null : repeated(await peekIdempotency(store.db, { ...one, key, now: await store.clock.now() }));
}

/**
 * Runs `work` in one transaction, once for each idempotency key: the key is claimed first and kept only if all of it commits.
 * Answers the id of the connection that this or the earlier equal call worked on.
 */
export async function once(
  store: Store,
  one: Attempt,
  work: (tx: Transaction<Tables>, now: Date) => Promise<string>,
): Promise<string> {
  return store.transaction(async (tx) => {
    const now = await store.clock.now();
    const { caller, key } = one;
    if (key === null) {
      return work(tx, now);
    }
    const before = repeated(await claimIdempotency(tx, { ...one, key, now }));
    if (before !== null) {
      return before;
    }
    const connectionId = await work(tx, now);
    await storeIdempotencyResult(tx, { caller, key, result: { connectionId } });
    return connectionId;
  });
}

function repeated(claim: IdempotencyClaim): string | null {
  if (claim === 'new') {
    return null;
  }
  if (claim === 'reused' || typeof claim.repeat['connectionId'] !== 'string') {
    throw refuse(
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was used for something else within the last 7 days. Take a new one.',
      ['idempotencyKey'],
    );
  }
  return claim.repeat['connectionId'];
}
