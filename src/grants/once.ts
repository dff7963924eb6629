import type { Transaction } from 'kysely';
import { refuse } from '../errors.ts';
import { claimIdempotency, hashInput, peekIdempotency, storeIdempotencyResult } from '../store/idempotency.ts';
import type { IdempotencyClaim } from '../store/idempotency.ts';
import type { Tables } from '../store/tables.ts';
import type { GrantsDeps } from './deps.ts';

/** One call of a mutation by one caller; without a key it is always new. */
export type Call = { actor: string; mutation: string; key: string | null; input: unknown };

type Made = Record<string, unknown>;

const claimOf = (call: Call & { key: string }, now: Date) => ({
  caller: call.actor,
  key: call.key,
  mutation: call.mutation,
  inputHash: hashInput(JSON.parse(JSON.stringify(call.input))),
  now,
});

function repeated(claim: IdempotencyClaim): Made | null {
  if (claim === 'new') return null;
  if (claim !== 'reused') return claim.repeat;
  throw refuse(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotencyKey was used for another request. Use a new key for a new request.',
    ['idempotencyKey'],
  );
}

/** What an earlier call with this key made; null when there was none. Throws `Refusal` when the key was used for something else. */
export async function earlierResult(deps: GrantsDeps, call: Call): Promise<Made | null> {
  const { key } = call;
  if (key === null) return null;
  return repeated(await peekIdempotency(deps.store.db, claimOf({ ...call, key }, await deps.store.clock.now())));
}

/**
 * Runs `make` in one transaction together with the claim of the idempotency key (S22): a call that comes second, also while the
 * first still runs, gets what the first made; a `make` that throws leaves no key.
 */
export async function once<T extends Made>(
  deps: GrantsDeps,
  call: Call,
  make: (tx: Transaction<Tables>, now: Date) => Promise<T>,
): Promise<Made> {
  const now = await deps.store.clock.now();
  return deps.store.transaction(async (tx) => {
    const { key } = call;
    if (key === null) return make(tx, now);
    const earlier = repeated(await claimIdempotency(tx, claimOf({ ...call, key }, now)));
    if (earlier !== null) return earlier;
    const result = await make(tx, now);
    await storeIdempotencyResult(tx, { caller: call.actor, key, result });
    return result;
  });
}
