import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { KeyRow } from './ledger.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

/**
 * Ids of the same person's other keys in the instance that have grants under way. Paths may be stale, so it does not try to
 * tell which of them lie below; a look too many does no harm.
 */
export async function neighbourKeys(db: Db, key: Pick<KeyRow, 'id' | 'instanceId' | 'user'>): Promise<string[]> {
  const rows = await db
    .selectFrom('keys')
    .select('keys.id')
    .where('keys.instance_id', '=', key.instanceId)
    .where('keys.user_id', '=', key.user.id)
    .where('keys.id', '!=', key.id)
    .where((where) =>
      where.exists(
        where
          .selectFrom('grants')
          .select(sql`1`.as('one'))
          .whereRef('grants.key_id', '=', 'keys.id')
          .where('grants.status', 'in', ['ACTIVATING', 'ACTIVE', 'ENDING']),
      ),
    )
    .orderBy('keys.id')
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Locks a key and its neighbours until the transaction ends, in the order of their ids: two transactions that each end one
 * person's access in another place wait for one another in turn, where they would else wait for one another for ever.
 */
export async function lockWithNeighbours(
  tx: Transaction<Tables>,
  key: Pick<KeyRow, 'id' | 'instanceId' | 'user'>,
): Promise<void> {
  const ids = [key.id, ...(await neighbourKeys(tx, key))];
  await tx.selectFrom('keys').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
}
