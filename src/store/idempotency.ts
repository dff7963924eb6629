import type { Transaction } from 'kysely';
import { z } from 'zod';
import { canonicalHash } from './canonical.ts';
import { jsonColumn, parseRow, timeColumn, toJson } from './parse.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

const rowSchema = z.object({
  mutation: z.string(),
  input_hash: z.string(),
  result: jsonColumn,
  created_at: timeColumn,
});

/** `new`: nobody used the key; `reused`: used for something else; `repeat`: what the first call stored. */
export type IdempotencyClaim = 'new' | 'reused' | { repeat: Record<string, unknown> };

/** What a key is compared by: one hash for inputs that say the same, whatever the order of their fields. */
export function hashInput(input: unknown): string {
  return canonicalHash(input);
}

/**
 * Claims `key` for `caller` in the transaction that stores the intent, so that a try that stores nothing leaves no key. A
 * second call with the same key waits here until the first commits or rolls back, then sees its result or goes first itself.
 * Keys are kept 7 days; an older one counts as unused.
 */
export async function claimIdempotency(
  tx: Transaction<Tables>,
  claim: { caller: string; key: string; mutation: string; inputHash: string; now: Date },
): Promise<IdempotencyClaim> {
  for (;;) {
    if (await insertClaim(tx, claim)) return 'new';
    const row = await tx
      .selectFrom('idempotency')
      .select(['mutation', 'input_hash', 'result', 'created_at'])
      .where('caller', '=', claim.caller)
      .where('key', '=', claim.key)
      .forUpdate()
      .executeTakeFirst();
    // Nothing to read: whoever held the key has deleted it since, and it is free again.
    if (row === undefined) continue;
    const earlier = parseRow('idempotency', rowSchema, row);
    if (earlier.created_at.getTime() > claim.now.getTime() - KEPT_MS) return compare(claim, earlier);
    await tx.deleteFrom('idempotency').where('caller', '=', claim.caller).where('key', '=', claim.key).execute();
  }
}

/**
 * What the key says to a call that has not begun to store: looked at first, so that a repeat need not ask GitLab again. Claims
 * nothing; `new` may have changed by the time of the claim.
 */
export async function peekIdempotency(
  db: Db,
  claim: { caller: string; key: string; mutation: string; inputHash: string; now: Date },
): Promise<IdempotencyClaim> {
  const row = await db
    .selectFrom('idempotency')
    .select(['mutation', 'input_hash', 'result', 'created_at'])
    .where('caller', '=', claim.caller)
    .where('key', '=', claim.key)
    .where('created_at', '>', new Date(claim.now.getTime() - KEPT_MS))
    .executeTakeFirst();
  return row === undefined ? 'new' : compare(claim, parseRow('idempotency', rowSchema, row));
}

/** Stores what the first call made (names and ids, never a secret), in the same transaction as its claim. */
export async function storeIdempotencyResult(
  tx: Transaction<Tables>,
  stored: { caller: string; key: string; result: Record<string, unknown> },
): Promise<void> {
  await tx
    .updateTable('idempotency')
    .set({ result: toJson(stored.result) })
    .where('caller', '=', stored.caller)
    .where('key', '=', stored.key)
    .execute();
}

/** Deletes keys that are past their 7 days; returns how many. */
export async function purgeIdempotency(db: Db, now: Date): Promise<number> {
  const past = new Date(now.getTime() - KEPT_MS);
  const deleted = await db.deleteFrom('idempotency').where('created_at', '<=', past).executeTakeFirst();
  return Number(deleted.numDeletedRows);
}

async function insertClaim(
  tx: Transaction<Tables>,
  claim: { caller: string; key: string; mutation: string; inputHash: string; now: Date },
): Promise<boolean> {
  const inserted = await tx
    .insertInto('idempotency')
    .values({
      caller: claim.caller,
      key: claim.key,
      mutation: claim.mutation,
      input_hash: claim.inputHash,
      result: toJson({}),
      created_at: claim.now,
    })
    .onConflict((conflict) => conflict.columns(['caller', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  return inserted !== undefined;
}

function compare(
  claim: { mutation: string; inputHash: string },
  earlier: z.output<typeof rowSchema>,
): IdempotencyClaim {
  const same = earlier.mutation === claim.mutation && earlier.input_hash === claim.inputHash;
  return same ? { repeat: earlier.result } : 'reused';
}
