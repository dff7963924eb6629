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

/** The end of the chain in transactions that have locked it: nobody else moves it until they end. */
const heads = new WeakMap<Transaction<Tables>, { sequence: string; hash: string }>();

async function lockHead(tx: Transaction<Tables>): Promise<{ sequence: string; hash: string }> {
  const head = heads.get(tx);
  if (head !== undefined) return head;
  return tx
    .selectFrom('audit_head')
    .select(['sequence', 'hash'])
    .where('id', '=', 1)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/**
 * Adds one event at the end of the chain, in the transaction of the change that it tells of: no record, no change.
 * Appending locks the end of the chain until `tx` ends, so append late in a transaction and never wait for GitLab after.
 */
export async function appendAudit(tx: Transaction<Tables>, at: Date, event: NewAuditEvent): Promise<AuditEvent> {
  const head = await lockHead(tx);
  const unhashed = {
    sequence: (BigInt(head.sequence) + 1n).toString(),
    at,
    actor: storableText(event.actor),
    action: storableText(event.action),
    grantId: event.grantId ?? null,
    revocationId: event.revocationId ?? null,
    connectionId: event.connectionId ?? null,
    summary: storableText(event.summary),
    details: jsonColumn.parse(storableJson(event.details ?? {})),
    previousHash: head.hash,
  };
  const appended: AuditEvent = { ...unhashed, hash: auditHash(unhashed) };
  await tx
    .with('event', (cte) =>
      cte.insertInto('audit_events').values({
        sequence: appended.sequence,
        at,
        actor: appended.actor,
        action: appended.action,
        grant_id: appended.grantId,
        revocation_id: appended.revocationId,
        connection_id: appended.connectionId,
        summary: appended.summary,
        details: toJson(appended.details),
        previous_hash: appended.previousHash,
        hash: appended.hash,
      }),
    )
    .updateTable('audit_head')
    .set({ sequence: appended.sequence, hash: appended.hash })
    .where('id', '=', 1)
    .execute();
  heads.set(tx, appended);
  return appended;
}
