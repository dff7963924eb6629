import { sql } from 'kysely';
import { z } from 'zod';
import { parseRow } from './parse.ts';
import type { Db } from './store.ts';

const countColumn = z.string().regex(/^\d+$/).transform(Number);
const grantsSchema = z.object({
  status: z.enum(['SCHEDULED', 'ACTIVATING', 'ACTIVE', 'ENDING', 'ENDED', 'FAILED']),
  count: countColumn,
});
const keysSchema = z.object({ oldest: z.date().nullable(), waiting: countColumn });
const numberSchema = z.object({ count: countColumn });

/** How the ledger stands; for metrics. */
export type Figures = {
  /** By status; one without a grant is left out. */
  grants: z.output<typeof grantsSchema>[];
  /** Grants past their end, and revocations asked for, that no read has proven. */
  overdueGrants: number;
  pendingRevocations: number;
  /** Keys whose look is due and which nobody works on, and for how long the longest has been waiting. */
  keysDue: number;
  lagMs: number;
};

export async function readFigures(db: Db, now: Date): Promise<Figures> {
  const grants = await db
    .selectFrom('grants')
    .select((select) => ['status', select.fn.countAll<string>().as('count')])
    .groupBy('status')
    .execute();
  const overdue = await db
    .selectFrom('grants')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('status', 'in', ['ENDING', 'ACTIVE'])
    .where('due_at', '<=', now)
    .executeTakeFirstOrThrow();
  const revocations = await db
    .selectFrom('revocations')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('verified_at', 'is', null)
    .where('connection_id', 'is not', null)
    .executeTakeFirstOrThrow();
  const keys = await db
    .selectFrom('keys')
    .select((select) => [sql<Date | null>`min(look_at)`.as('oldest'), select.fn.countAll<string>().as('waiting')])
    .where('look_at', '<=', now)
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
    .executeTakeFirstOrThrow();
  const { oldest, waiting } = parseRow('keys', keysSchema, keys);
  return {
    grants: grants.map((row) => parseRow('grants', grantsSchema, row)),
    overdueGrants: parseRow('grants', numberSchema, overdue).count,
    pendingRevocations: parseRow('revocations', numberSchema, revocations).count,
    keysDue: waiting,
    lagMs: oldest === null ? 0 : now.getTime() - oldest.getTime(),
  };
}
