import type { Transaction } from 'kysely';
import { changeGrant } from '../store/grants.ts';
import type { GrantRow } from '../store/grants.ts';
import { changeKey } from '../store/ledger.ts';
import type { Tables } from '../store/tables.ts';
import { auditGrant } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import { lookSoon } from './look.ts';
import type { KeyState } from './state.ts';

export type Ending = { actor: string; reason: string; now: Date };

/** Cancels a grant for which nothing was ever sent: no write, no look (S18). */
async function cancel(tx: Transaction<Tables>, grant: GrantRow, ending: Ending): Promise<void> {
  await changeGrant(tx, grant.id, { status: 'ENDED', endReason: 'CANCELLED', endedAt: ending.now, problem: null });
  await auditGrant(tx, ending.now, grant, {
    action: 'GRANT_ENDED',
    actor: ending.actor,
    says: `cancelled before it was active: ${ending.reason}`,
    details: { reason: ending.reason, endReason: 'CANCELLED' },
  });
}

/**
 * Ends a grant by decision: one that never began, or for which no write can be under way, is cancelled without a word to
 * GitLab; any other ends as a verified revoke (S18). The caller holds the key's lock. One that is ending already stays so.
 */
export async function endGrant(
  deps: GrantsDeps,
  tx: Transaction<Tables>,
  state: KeyState,
  grant: GrantRow,
  ending: Ending,
): Promise<void> {
  if (grant.status === 'ENDING') return;
  const untouched = grant.status === 'SCHEDULED' || (grant.status === 'ACTIVATING' && state.key.intent === null);
  if (untouched) {
    await cancel(tx, grant, ending);
    return;
  }
  await changeGrant(tx, grant.id, { status: 'ENDING', endReason: 'REVOKED' });
  await auditGrant(tx, ending.now, grant, {
    action: 'GRANT_ENDING',
    actor: ending.actor,
    says: `revoked: ${ending.reason}`,
    details: { reason: ending.reason, endReason: 'REVOKED' },
  });
  await lookSoon(deps, tx, state.key.id, ending.now);
}

/** Ends a grant without proof (S29): GitLab may still hold what it gave. The caller holds the key's lock. */
export async function abandonGrant(
  tx: Transaction<Tables>,
  state: KeyState,
  grant: GrantRow,
  ending: Ending,
): Promise<void> {
  const { now, actor, reason } = ending;
  await changeGrant(tx, grant.id, { status: 'ENDED', endReason: 'ABANDONED', endedAt: now, problem: null });
  await auditGrant(tx, now, grant, {
    action: 'GRANT_ENDED',
    actor,
    says: `abandoned unproven; GitLab may still hold the membership: ${reason}`,
    details: { reason, endReason: 'ABANDONED', base: state.key.base, ours: state.key.ours, intent: state.key.intent },
  });
  const others = state.grants.filter((other) => other.id !== grant.id && other.status !== 'SCHEDULED');
  if (others.length === 0) await changeKey(tx, state.key.id, { base: null, ours: null, intent: null });
}
