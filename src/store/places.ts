import { sql } from 'kysely';
import { parseKey } from './ledger.ts';
import type { KeyRow } from './ledger.ts';
import type { Db } from './store.ts';

/**
 * Takes up to `limit` keys with grants that were active once and are not over, whose group or project was not asked for since
 * `before`; nobody else gets them until then again.
 */
export async function claimPlaces(db: Db, now: Date, before: Date, limit: number): Promise<KeyRow[]> {
  const { rows } = await sql`
    update keys set place_at = ${now}
    where id in (
      select id from keys
      where (place_at is null or place_at <= ${before})
        and exists (select 1 from grants g where g.key_id = keys.id and g.status in ('ACTIVE', 'ENDING'))
      order by place_at nulls first, id
      limit ${limit} for update skip locked
    )
    returning *`.execute(db);
  return rows.map(parseKey);
}
