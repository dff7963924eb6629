import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

/** Where something may have changed, by GitLab's numbers. What is left out is any. */
export type KeyHint = {
  instanceId: string;
  source?: { kind: 'group' | 'project'; id: string };
  userId?: string;
};

/** Ids of the keys that the hint fits and at which something is not over. */
export async function hintedKeys(db: Db, { instanceId, source, userId }: KeyHint): Promise<string[]> {
  let keys = db.selectFrom('keys').select('id').where('instance_id', '=', instanceId);
  if (source !== undefined) keys = keys.where('source_kind', '=', source.kind).where('source_id', '=', source.id);
  if (userId !== undefined) keys = keys.where('user_id', '=', userId);
  const rows = await keys
    .where((where) =>
      where.or([
        where('look_at', 'is not', null),
        where.exists(
          where
            .selectFrom('grants')
            .select(sql`1`.as('one'))
            .whereRef('grants.key_id', '=', 'keys.id')
            .where('grants.status', 'not in', ['ENDED', 'FAILED']),
        ),
        where.exists(
          where
            .selectFrom('revocations')
            .select(sql`1`.as('one'))
            .whereRef('revocations.key_id', '=', 'keys.id')
            .where('revocations.verified_at', 'is', null),
        ),
      ]),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Asks for a look at the key now. False where somebody is about to look at it anyway. A key that is being looked at gets a new
 * time, by which whoever looks knows that it was asked for since.
 */
export async function askForLook(tx: Transaction<Tables>, keyId: string, now: Date): Promise<boolean> {
  const asked = await tx
    .updateTable('keys')
    .set({ look_at: now })
    .where('id', '=', keyId)
    .where((where) =>
      where.or([where('look_at', 'is', null), where('look_at', '>', now), where('lease_until', '>', now)]),
    )
    .returning('id')
    .executeTakeFirst();
  return asked !== undefined;
}
