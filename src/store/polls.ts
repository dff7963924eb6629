import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { parseKey } from './ledger.ts';
import type { KeyRow } from './ledger.ts';
import { idColumn, parseRow, toJson } from './parse.ts';
import type { Tables } from './tables.ts';

/**
 * What can be compared by its direct row alone: all that has begun at the key is in force by that row and without a problem, and
 * no write, no revocation and nothing queued is open there. Grants are asked for as one sum a key, since `exists` may become a
 * join over all grants.
 */
export const comparable = sql<boolean>`(keys.intent is null and keys.queued is null and keys.late is null
  and keys.base is not null and keys.attempts = 0
  and (select count(*) from revocations r where r.key_id = keys.id and r.verified_at is null) = 0
  and coalesce((select bool_or(g.status = 'ACTIVE') and bool_and(g.status = 'SCHEDULED'
      or (g.status = 'ACTIVE' and g.effect in ('ADDED', 'RAISED', 'ALREADY_SATISFIED')
        and coalesce(g.problem_code, 'TAMPERED') = 'TAMPERED'))
    from grants g where g.key_id = keys.id and g.status in ('SCHEDULED', 'ACTIVATING', 'ACTIVE', 'ENDING')), false))`;

/** When time alone asks for a look at a comparable key. */
const byTime = sql<Date | null>`(select min(case g.status when 'ACTIVE' then g.due_at else g.starts_at end)
  from grants g where g.key_id = keys.id and g.status in ('ACTIVE', 'SCHEDULED'))`;

export type PollClaim = {
  /** Due keys; every other comparable key of the same groups and projects comes along. */
  keyIds: readonly string[];
  now: Date;
  /** Nobody else takes what was claimed before: long enough to ask GitLab, and how late a poll is whose process died. */
  until: Date;
  /** Keys that would be polled by then come along. */
  horizon: Date;
  limit: number;
};

/**
 * Claims polls by putting their next look off until `until`, or until time asks for one. No lease is taken: who wants to give or
 * take access there need not wait. What somebody else works on, has just claimed, or asked for by time is left out.
 */
export async function claimPolls(tx: Transaction<Tables>, claim: PollClaim): Promise<KeyRow[]> {
  if (claim.keyIds.length === 0) return [];
  const { keyIds, now, until, horizon, limit } = claim;
  const { rows } = await sql`
    with sources as (
      select distinct instance_id, source_kind, source_id from keys
      where id in (${sql.join(keyIds)}) and look_at <= ${now}
    ), mine as (
      select keys.id from keys join sources using (instance_id, source_kind, source_id)
      where (keys.look_at <= ${now} or (keys.look_at > ${until} and keys.look_at <= ${horizon}))
        and (keys.lease_until is null or keys.lease_until <= ${now})
        and ${comparable}
        and coalesce(${byTime} > greatest(keys.look_at, ${now}), true)
      order by keys.look_at, keys.id
      limit ${limit}
      for update of keys skip locked
    )
    update keys set look_at = least(${until}, ${byTime})
    where id in (select id from mine)
    returning *`.execute(tx);
  return rows.map(parseKey);
}

/** A key as it was claimed, and when it is to be looked at next. */
export type PolledKey = { key: KeyRow; next: Date };

/**
 * A read showed these keys' rows as recorded: stores when that was and their next looks. A key that somebody worked on (its fence
 * moved) or asked to be looked at since it was claimed is left as it is. Answers the ids of the others.
 */
export async function settlePolls(
  tx: Transaction<Tables>,
  polled: readonly PolledKey[],
  verifiedAt: Date,
): Promise<string[]> {
  if (polled.length === 0) return [];
  const seen = toJson(polled.map(({ key, next }) => ({ id: key.id, fence: key.fence, claimed: key.lookAt, next })));
  const { rows } = await sql`
    with seen as (
      select * from jsonb_to_recordset(${seen}::jsonb)
        as s(id bigint, fence bigint, claimed timestamptz, next timestamptz)
    ), still as (
      select keys.id, seen.next from keys join seen on seen.id = keys.id
      where keys.fence = seen.fence and keys.look_at = seen.claimed
      for update of keys skip locked
    )
    update keys set look_at = still.next from still where keys.id = still.id
    returning keys.id`.execute(tx);
  const ids = rows.map((row) => parseRow('keys', z.object({ id: idColumn }), row).id);
  if (ids.length > 0) {
    await tx
      .updateTable('grants')
      .set({ verified_at: verifiedAt })
      .where('key_id', 'in', ids)
      .where('status', '=', 'ACTIVE')
      .execute();
  }
  return ids;
}
