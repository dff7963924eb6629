import type { Transaction } from 'kysely';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

/** Marks that a rotation of this sealed token is about to be sent. The row must be locked and have no mark. */
export async function markRotating(
  tx: Transaction<Tables>,
  connectionId: string,
  mark: { tokenJwe: string; since: Date },
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ rotating_token_jwe: mark.tokenJwe, rotating_since: mark.since })
    .where('id', '=', connectionId)
    .execute();
}

/** Takes the mark away, if there is one. */
export async function clearRotating(tx: Transaction<Tables>, connectionId: string): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ rotating_token_jwe: null, rotating_since: null })
    .where('id', '=', connectionId)
    .execute();
}

/** The connections whose rotation was sent and never settled. */
export async function connectionsRotating(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('connections').select('id').where('rotating_since', 'is not', null).execute();
  return rows.map(({ id }) => id);
}
