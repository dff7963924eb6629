import type { Transaction } from 'kysely';
import { hashInput } from '../store/idempotency.ts';
import * as attempts from '../store/once.ts';
import type { Attempt, Made } from '../store/once.ts';
import type { Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

/** `input` must hold no secret in the clear: a token goes in as its hash. */
export function attempt(caller: string, key: string | null, mutation: string, input: object): Attempt {
  return { caller, key, mutation, inputHash: hashInput(input) };
}

const connectionIn = (made: Made): string => String(made['connectionId']);

/** The connection of an earlier equal call, null if this is the first. Throws IDEMPOTENCY_KEY_REUSED for another input. */
export async function earlier(store: Store, one: Attempt): Promise<string | null> {
  const made = await attempts.earlierResult(store, one);
  return made === null ? null : connectionIn(made);
}

/** Runs `work` once for each key (S22); answers the id of the connection that this or the earlier equal call worked on. */
export async function once(
  store: Store,
  one: Attempt,
  work: (tx: Transaction<Tables>, now: Date) => Promise<string>,
): Promise<string> {
  return connectionIn(await attempts.once(store, one, async (tx, now) => ({ connectionId: await work(tx, now) })));
}
