import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import { checkChain } from './audit-check.ts';
import { parseAuditEvent } from './audit.ts';
import type { AuditEvent } from './audit.ts';
import { isRowId } from './parse.ts';
import type { Db } from './store.ts';
import type { Tables } from './tables.ts';

/** What is left out or null does not narrow. `since` is inclusive, `until` is not. Ids are row ids. */
export type AuditFilter = {
  actor?: string | null;
  action?: string | null;
  grantId?: string | null;
  connectionId?: string | null;
  since?: Date | null;
  until?: Date | null;
};

export type AuditPage = { events: AuditEvent[]; hasNextPage: boolean; totalCount: number };

/** Newest first; `beforeSequence` is the last sequence of the page before. `totalCount` counts the whole filter. */
export async function listAudit(
  db: Db,
  filter: AuditFilter,
  page: { first: number; beforeSequence: string | null },
): Promise<AuditPage> {
  const matching = db.selectFrom('audit_events').where((eb) => narrow(eb, filter));
  const { beforeSequence } = page;
  const from =
    beforeSequence !== null && isRowId(beforeSequence) ? matching.where('sequence', '<', beforeSequence) : matching;
  const rows = await from
    .selectAll()
    .orderBy('sequence', 'desc')
    .limit(page.first + 1)
    .execute();
  const counted = await matching.select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow();
  return {
    events: rows.slice(0, page.first).map(parseAuditEvent),
    hasNextPage: rows.length > page.first,
    totalCount: Number(counted.count),
  };
}

/** One event; null: there is none with this sequence. */
export async function findAudit(db: Db, sequence: string): Promise<AuditEvent | null> {
  if (!isRowId(sequence)) return null;
  const row = await db.selectFrom('audit_events').selectAll().where('sequence', '=', sequence).executeTakeFirst();
  return row === undefined ? null : parseAuditEvent(row);
}

/** Null: nothing was changed, taken out, put in or cut off; else the sequence of the first event that is not as it was written. */
export async function verifyChain(db: Db): Promise<string | null> {
  const check = await checkChain(db);
  return check.whole ? null : check.firstBad.toString();
}

function narrow(
  eb: ExpressionBuilder<Tables, 'audit_events'>,
  filter: AuditFilter,
): ExpressionWrapper<Tables, 'audit_events', SqlBool> {
  const all: ExpressionWrapper<Tables, 'audit_events', SqlBool>[] = [];
  if (filter.actor != null) all.push(eb('actor', '=', filter.actor));
  if (filter.action != null) all.push(eb('action', '=', filter.action));
  if (filter.grantId != null) all.push(eb('grant_id', '=', filter.grantId));
  if (filter.connectionId != null) all.push(eb('connection_id', '=', filter.connectionId));
  if (filter.since != null) all.push(eb('at', '>=', filter.since));
  if (filter.until != null) all.push(eb('at', '<', filter.until));
  return eb.and(all);
}
