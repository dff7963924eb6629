import type { Selectable, Transaction } from 'kysely';
import { z } from 'zod';
import { canonicalHash, storableJson, storableText } from './canonical.ts';
import { idColumn, jsonColumn, parseRow, timeColumn, toJson } from './parse.ts';
import type { NewAuditEvent } from './store.ts';
import type { AuditEventsTable, Tables } from './tables.ts';

const rowSchema = z
  .object({
    sequence: idColumn,
    at: timeColumn,
    actor: z.string(),
    action: z.string(),
    grant_id: idColumn.nullable(),
    revocation_id: idColumn.nullable(),
    connection_id: idColumn.nullable(),
    summary: z.string(),
    details: jsonColumn,
    previous_hash: z.string(),
    hash: z.string(),
  })
  .transform((row) => ({
    sequence: row.sequence,
    at: row.at,
    actor: row.actor,
    action: row.action,
    grantId: row.grant_id,
    revocationId: row.revocation_id,
    connectionId: row.connection_id,
    summary: row.summary,
    details: row.details,
    previousHash: row.previous_hash,
    hash: row.hash,
  }));

/** One event of the chain. `sequence` counts from 1 without a gap; `hash` covers all the rest and the hash before. */
export type AuditEvent = z.output<typeof rowSchema>;

export function parseAuditEvent(row: Selectable<AuditEventsTable>): AuditEvent {
  return parseRow('audit_events', rowSchema, row);
}

/** The hash an event must have: over everything it says and the hash of the event before. */
export function auditHash(event: Omit<AuditEvent, 'hash'>): string {
  const { sequence, at, actor, action, grantId, revocationId, connectionId, summary, details, previousHash } = event;
  return canonicalHash([
    previousHash,
    { sequence, at, actor, action, grantId, revocationId, connectionId, summary, details },
  ]);
}

type Untold = Omit<AuditEvent, 'sequence' | 'previousHash' | 'hash'>;

/** What the transactions that run have to tell of when they end. */
const untold = new WeakMap<Transaction<Tables>, Untold[]>();

const ROWS_AT_ONCE = 1_000;

/**
 * Adds one event to the chain, in the transaction of the change that it tells of: no record, no change. It is written as the last
 * thing before `tx` commits, after all else that was asked of it, since the end of the chain is locked from then on and every other
 * transaction waits for it, also those of other processes.
 */
export function appendAudit(tx: Transaction<Tables>, at: Date, event: NewAuditEvent): Promise<void> {
  const waiting = untold.get(tx) ?? [];
  untold.set(tx, waiting);
  waiting.push({
    at,
    actor: storableText(event.actor),
    action: storableText(event.action),
    grantId: event.grantId ?? null,
    revocationId: event.revocationId ?? null,
    connectionId: event.connectionId ?? null,
    summary: storableText(event.summary),
    details: jsonColumn.parse(storableJson(event.details ?? {})),
  });
  return Promise.resolve();
}

/** Writes the events of a transaction that is about to commit. Nothing may follow in it. */
export async function writeAudit(tx: Transaction<Tables>): Promise<void> {
  const events = untold.get(tx) ?? [];
  for (let from = 0; from < events.length; from += ROWS_AT_ONCE)
    await write(tx, events.slice(from, from + ROWS_AT_ONCE));
}

async function write(tx: Transaction<Tables>, events: readonly Untold[]): Promise<void> {
  let head = await tx
    .selectFrom('audit_head')
    .select(['sequence', 'hash'])
    .where('id', '=', 1)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const chained = events.map((event): AuditEvent => {
    const unhashed = { ...event, sequence: (BigInt(head.sequence) + 1n).toString(), previousHash: head.hash };
    const told = { ...unhashed, hash: auditHash(unhashed) };
    head = told;
    return told;
  });
  await tx
    .with('events', (cte) => cte.insertInto('audit_events').values(chained.map(toRow)))
    .updateTable('audit_head')
    .set({ sequence: head.sequence, hash: head.hash })
    .where('id', '=', 1)
    .execute();
}

function toRow(event: AuditEvent) {
  return {
    sequence: event.sequence,
    at: event.at,
    actor: event.actor,
    action: event.action,
    grant_id: event.grantId,
    revocation_id: event.revocationId,
    connection_id: event.connectionId,
    summary: event.summary,
    details: toJson(event.details),
    previous_hash: event.previousHash,
    hash: event.hash,
  };
}
