import type { Transaction } from 'kysely';
import { refuse } from '../errors.ts';
import { claimIdempotency, peekIdempotency, storeIdempotencyResult } from './idempotency.ts';
import type { IdempotencyClaim } from './idempotency.ts';
import type { Store } from './store.ts';
import type { Tables } from './tables.ts';

/** One call of a mutation that its caller may repeat (S22). Without a key it is always new. */
export type Attempt = { caller: string; key: string | null; mutation: string; inputHash: string };

/** The things a call made, by name and id; never a secret. */
export type Made = Record<string, unknown>;

function repeated(claim: IdempotencyClaim): Made | null {
  if (claim === 'new') return null;
  if (claim !== 'reused') return claim.repeat;
  throw refuse(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotencyKey was used for something else within the last 7 days. Use a new key for a new request.',
    ['idempotencyKey'],
  );
}

/** What an earlier equal call made; null if this is the first. Throws `Refusal` when the key was used for something else. */
export async function earlierResult(store: Store, attempt: Attempt): Promise<Made | null> {
  const { key } = attempt;
  if (key === null) return null;
  return repeated(await peekIdempotency(store.db, { ...attempt, key, now: await store.clock.now() }));
}

/**
 * Runs `make` in one transaction together with the claim of its key: a call that comes second, also while the first still runs,
 * gets what the first made; a `make` that throws leaves no key. Throws `Refusal` when the key was used for something else.
 */
export async function once<T extends Made>(
  store: Store,
  attempt: Attempt,
  make: (tx: Transaction<Tables>, now: Date) => Promise<T>,
): Promise<Made> {
  return store.transaction(async (tx) => {
    const now = await store.clock.now();
    const { caller, key } = attempt;
    if (key === null) return make(tx, now);
    const earlier = repeated(await claimIdempotency(tx, { ...attempt, key, now }));
    if (earlier !== null) return earlier;
    const result = await make(tx, now);
    await storeIdempotencyResult(tx, { caller, key, result });
    return result;
  });
}
