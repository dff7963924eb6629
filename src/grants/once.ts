import type { Transaction } from 'kysely';
import { hashInput } from '../store/idempotency.ts';
import * as attempts from '../store/once.ts';
import type { Attempt, Made } from '../store/once.ts';
import type { Tables } from '../store/tables.ts';
import type { GrantsDeps } from './deps.ts';

/** One call of a mutation by one caller; without a key it is always new. */
export type Call = { actor: string; mutation: string; key: string | null; input: unknown };

const attemptOf = ({ actor, key, mutation, input }: Call): Attempt => ({
  caller: actor,
  key,
  mutation,
  inputHash: hashInput(JSON.parse(JSON.stringify(input))),
});

/** What an earlier call with this key made; null when there was none. Throws `Refusal` when the key was used for something else. */
export function earlierResult(deps: GrantsDeps, call: Call): Promise<Made | null> {
  return attempts.earlierResult(deps.store, attemptOf(call));
}

/** Runs `make` once for each key, in the transaction that stores it (S22). */
export function once<T extends Made>(
  deps: GrantsDeps,
  call: Call,
  make: (tx: Transaction<Tables>, now: Date) => Promise<T>,
): Promise<Made> {
  return attempts.once(deps.store, attemptOf(call), make);
}
