import { sql } from 'kysely';
import { z } from 'zod';
import { idColumn, parseRow } from './parse.ts';
import type { Db } from './store.ts';

const rowSchema = z.object({
  kind: z.enum(['grant', 'revocation']),
  id: idColumn,
  source_path: z.string(),
  username: z.string(),
});

/** A grant past its end, or a revocation asked for, that no read has proven. */
export type Overdue = {
  kind: 'grant' | 'revocation';
  id: string;
  source: { path: string };
  user: { username: string };
};

/** What should have been over at `by` and is not, the longest due first. */
export async function overdueSince(db: Db, by: Date, limit: number): Promise<Overdue[]> {
  const grants = db
    .selectFrom('grants')
    .innerJoin('keys', 'keys.id', 'grants.key_id')
    .select(['grants.id', 'keys.source_path', 'keys.username', 'grants.due_at as since'])
    .select(sql<string>`'grant'`.as('kind'))
    .where('grants.status', 'in', ['ENDING', 'ACTIVE'])
    .where('grants.due_at', '<=', by)
    .orderBy('grants.due_at')
    .limit(limit);
  const revocations = db
    .selectFrom('revocations')
    .innerJoin('keys', 'keys.id', 'revocations.key_id')
    .select(['revocations.id', 'keys.source_path', 'keys.username', 'revocations.requested_at as since'])
    .select(sql<string>`'revocation'`.as('kind'))
    .where('revocations.verified_at', 'is', null)
    .where('revocations.connection_id', 'is not', null)
    .where('revocations.requested_at', '<=', by)
    .orderBy('revocations.requested_at')
    .limit(limit);
  const rows = [...(await grants.execute()), ...(await revocations.execute())];
  return rows.map((row) => {
    const { kind, id, source_path: path, username } = parseRow('grants', rowSchema, row);
    return { kind, id, source: { path }, user: { username } };
  });
}
