import type { Selectable } from 'kysely';
import { auditHash, parseAuditEvent } from './audit.ts';
import type { AuditEvent } from './audit.ts';
import type { Db } from './store.ts';
import type { AuditEventsTable } from './tables.ts';

const PAGE = 500;

/** The hash before the first event. */
export const GENESIS = '0'.repeat(64);

/** How the chain stands: whole, with its length and the hash of its last event; or broken, from which sequence number on and how. */
export type ChainCheck =
  { whole: true; events: bigint; head: string } | { whole: false; firstBad: bigint; why: string };

/**
 * Reads the whole chain, a page at a time, and recomputes every hash. Events may be appended meanwhile. `expectHead` is the hash of
 * an event that was once seen, such as the head that an earlier check printed: a chain that does not hold it was cut off since and
 * continued, which the chain alone cannot show.
 */
export async function checkChain(db: Db, options: { expectHead?: string | null } = {}): Promise<ChainCheck> {
  const { expectHead = null } = options;
  let last = { sequence: 0n, hash: GENESIS };
  let seen = expectHead === null || expectHead === GENESIS;
  for (;;) {
    const head = await db.selectFrom('audit_head').selectAll().executeTakeFirst();
    const rows = await db
      .selectFrom('audit_events')
      .selectAll()
      .where('sequence', '>', last.sequence.toString())
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
    if (rows.length === 0) return conclude(last, head, seen);
    for (const row of rows) {
      const why = faultOf(row, last);
      if (why !== null) return { whole: false, firstBad: last.sequence + 1n, why };
      last = { sequence: last.sequence + 1n, hash: row.hash };
      seen ||= row.hash === expectHead;
    }
  }
}

type Last = { sequence: bigint; hash: string };

/** What is wrong with the event that follows `last`; null: nothing. */
function faultOf(row: Selectable<AuditEventsTable>, last: Last): string | null {
  if (BigInt(row.sequence) !== last.sequence + 1n) return 'it is missing';
  const event = readable(row);
  if (event === null) return 'it cannot be read';
  if (event.previousHash !== last.hash) return 'it does not follow the event before';
  return auditHash(event) === event.hash ? null : 'it was changed';
}

function readable(row: Selectable<AuditEventsTable>): AuditEvent | null {
  try {
    return parseAuditEvent(row);
  } catch {
    return null;
  }
}

/** The end was noted before the last, empty page was read: a chain that was cut off or lengthened by hand does not agree with it. */
function conclude(last: Last, head: { sequence: string; hash: string } | undefined, seen: boolean): ChainCheck {
  const broken = (why: string): ChainCheck => ({ whole: false, firstBad: last.sequence + 1n, why });
  if (head === undefined) return broken('the note of where the chain ends is missing');
  if (BigInt(head.sequence) !== last.sequence || head.hash !== last.hash) {
    return broken('the chain ends before or after the place that was noted');
  }
  if (!seen) return broken('no event has the expected hash: the chain was cut off, and may have been continued');
  return { whole: true, events: last.sequence, head: last.hash };
}
