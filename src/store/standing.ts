import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, parseRow } from './parse.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

/** Owner. */
const HIGHEST_LEVEL = 50;

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

/** A group or project where something on a connection must still be taken back, with the highest level granted there. */
export type StandingPlace = { kind: 'group' | 'project'; id: string; path: string; accessLevel: number };

const placeSchema = z
  .object({
    source_kind: z.enum(['group', 'project']),
    source_id: gitlabIdColumn,
    source_path: z.string(),
    access_level: z.number().int(),
  })
  .transform((row): StandingPlace => ({
    kind: row.source_kind,
    id: row.source_id,
    path: row.source_path,
    accessLevel: row.access_level,
  }));

/** Where grants and revocations of a connection are not finished. A revocation may be of any level, so it counts as the highest. */
export async function standingPlaces(db: Db, connectionId: string): Promise<StandingPlace[]> {
  const { rows } = await sql`
    select keys.source_kind, keys.source_id, max(keys.source_path) as source_path, max(standing.access_level) as access_level
    from (
      select key_id, access_level from grants
      where connection_id = ${connectionId} and status not in ('ENDED', 'FAILED')
      union all
      select key_id, ${HIGHEST_LEVEL}::integer from revocations
      where connection_id = ${connectionId} and verified_at is null
    ) as standing
    join keys on keys.id = standing.key_id
    group by keys.source_kind, keys.source_id
    order by keys.source_kind, keys.source_id`.execute(db);
  return rows.map((row) => parseRow('keys', placeSchema, row));
}

/**
 * A connection works again: what waited for it on a pause is looked at now, and in the order in which it was due (S24). What is
 * in force without a problem waits for nothing.
 */
export async function bringStandingForward(tx: Transaction<Tables>, connectionId: string, now: Date): Promise<void> {
  await sql`
    update keys
    set look_at = least(coalesce(keys.look_at, waiting.since), waiting.since), attempts = 0
    from (
      select key_id, least(min(since), ${now}::timestamptz) as since
      from (
        select key_id, coalesce(due_at, requested_at) as since from grants
        where connection_id = ${connectionId}
          and (status in ('ACTIVATING', 'ENDING') or (status = 'ACTIVE' and problem_code is not null))
        union all
        select key_id, requested_at from revocations
        where connection_id = ${connectionId} and verified_at is null
      ) as things
      group by key_id
    ) as waiting
    where keys.id = waiting.key_id`.execute(tx);
}
