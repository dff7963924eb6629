import type { Transaction } from 'kysely';
import { z } from 'zod';
import { idColumn, parseRow } from './parse.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

const rowSchema = z.object({ id: idColumn, address: z.string() });

/** One GitLab. Every connection to it, and so its ledger of keys, shares this row. */
export type InstanceRow = z.output<typeof rowSchema>;

/** The row of the GitLab at `address` (as GitLab itself gives it); made if there is none. Safe with two callers at once. */
export async function upsertInstance(tx: Transaction<Tables>, now: Date, address: string): Promise<InstanceRow> {
  const row = await tx
    .insertInto('instances')
    .values({ address, created_at: now })
    // An update that changes nothing, because only then does the row that was there come back.
    .onConflict((conflict) => conflict.column('address').doUpdateSet({ address }))
    .returning(['id', 'address'])
    .executeTakeFirstOrThrow();
  return parseRow('instances', rowSchema, row);
}

export async function findInstance(db: Db, id: string): Promise<InstanceRow | null> {
  const row = await db.selectFrom('instances').select(['id', 'address']).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : parseRow('instances', rowSchema, row);
}

/**
 * The GitLab of a saved connection gives itself another address now: the row is renamed and every key stays where it is.
 * `taken`: another instance has that address already; their ledgers cannot be put together, so nothing is changed.
 */
export async function renameInstance(
  tx: Transaction<Tables>,
  instanceId: string,
  address: string,
): Promise<'renamed' | 'taken'> {
  const other = await tx
    .selectFrom('instances')
    .select('id')
    .where('address', '=', address)
    .where('id', '!=', instanceId)
    .executeTakeFirst();
  if (other !== undefined) return 'taken';
  await tx.updateTable('instances').set({ address }).where('id', '=', instanceId).execute();
  return 'renamed';
}

/** GitLab ids of the users that this and every other connection to the instance acts as. They are never granted anything. */
export async function gatewayUserIds(db: Db, instanceId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('connections')
    .select('gitlab_user_id')
    .where('instance_id', '=', instanceId)
    .execute();
  return new Set(rows.map((row) => row.gitlab_user_id));
}
