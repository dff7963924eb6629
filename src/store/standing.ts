import type { Db } from './store.ts';

/** What on a connection is not finished: grants that have not ended, revocations that no read has proven. */
export type Standing = { grants: number; revocations: number };

/**
 * Counts what stands on a connection. Inside a transaction that holds the connection's row (`lockConnection`) the count stays
 * true until it ends: a new grant or revocation must lock that row too, by its foreign key.
 */
export async function countStanding(db: Db, connectionId: string): Promise<Standing> {
  const grants = await db
    .selectFrom('grants')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('connection_id', '=', connectionId)
    .where('status', 'not in', ['ENDED', 'FAILED'])
    .executeTakeFirstOrThrow();
  const revocations = await db
    .selectFrom('revocations')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('connection_id', '=', connectionId)
    .where('verified_at', 'is', null)
    .executeTakeFirstOrThrow();
  return { grants: Number(grants.count), revocations: Number(revocations.count) };
}
