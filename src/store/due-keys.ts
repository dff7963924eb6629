import { sql } from 'kysely';
import { z } from 'zod';
import { gitlabIdColumn, idColumn, parseRow } from './parse.ts';
import { comparable } from './polls.ts';
import type { Db } from './store.ts';

const rowSchema = z
  .object({
    id: idColumn,
    instance_id: idColumn,
    source_kind: z.enum(['group', 'project']),
    source_id: gitlabIdColumn,
    user_id: gitlabIdColumn,
    work: z.enum(['revoke', 'activate', 'look', 'poll']),
    connection_id: idColumn.nullable(),
  })
  .transform((row) => ({
    id: row.id,
    instanceId: row.instance_id,
    source: { kind: row.source_kind, id: row.source_id },
    userId: row.user_id,
    work: row.work,
    /** Of the latest grant there. */
    connectionId: row.connection_id,
  }));

/** A key that asks for a look, and what the look will most likely be for; `poll`: its row alone tells whether all is as it was. */
export type DueKey = z.output<typeof rowSchema>;

/**
 * Keys to look at by now, leaving out those that somebody works on: what takes access back first, then what gives it, then looks
 * that nothing asks for; in each the longest due first.
 */
export async function dueKeys(db: Db, now: Date, limit: number): Promise<DueKey[]> {
  const revoke = sql`exists (select 1 from revocations r where r.key_id = keys.id and r.verified_at is null)
    or exists (select 1 from grants g where g.key_id = keys.id and (g.status = 'ENDING'
      or (g.status in ('ACTIVE', 'ACTIVATING') and g.due_at <= ${now})))`;
  const activate = sql`exists (select 1 from grants g where g.key_id = keys.id and (g.status = 'ACTIVATING'
    or (g.status = 'SCHEDULED' and g.starts_at <= ${now})))`;
  const work = sql<string>`case when ${revoke} then 'revoke' when ${activate} then 'activate'
    when ${comparable} then 'poll' else 'look' end`;
  const rows = await db
    .selectFrom('keys')
    .select(['id', 'instance_id', 'source_kind', 'source_id', 'user_id'])
    .select([
      work.as('work'),
      sql<string | null>`(select g.connection_id from grants g where g.key_id = keys.id
        order by g.id desc limit 1)`.as('connection_id'),
    ])
    .where('look_at', '<=', now)
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
    .orderBy(sql`case when ${revoke} then 0 when ${activate} then 1 else 2 end`)
    .orderBy('look_at')
    .limit(limit)
    .execute();
  return rows.map((row) => parseRow('keys', rowSchema, row));
}
