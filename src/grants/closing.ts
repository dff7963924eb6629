import type { Transaction } from 'kysely';
import { changeGrant } from '../store/grants.ts';
import { changeKey, lockLeased } from '../store/ledger.ts';
import type { Lease } from '../store/ledger.ts';
import { changeRevocation } from '../store/revocations.ts';
import type { Tables } from '../store/tables.ts';
import { LEASE_MS, signature } from './attempt.ts';
import { auditGrant, auditRevocation } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import { NOT_WATCHED } from './queued.ts';
import { loadState } from './state.ts';
import type { KeyState } from './state.ts';

/** Runs `change` on the key if it still is as it was when GitLab was asked; else nothing, and the next look decides anew. */
async function ifUnchanged(
  deps: GrantsDeps,
  lease: Lease,
  seen: KeyState,
  change: (tx: Transaction<Tables>, state: KeyState, now: Date) => Promise<void>,
): Promise<void> {
  const now = await deps.store.clock.now();
  await deps.store.transaction(async (tx) => {
    const key = await lockLeased(tx, lease, new Date(now.getTime() + LEASE_MS));
    if (key === null) return;
    const state = await loadState(tx, key, now, deps.settings);
    if (signature(state) === signature(seen)) await change(tx, state, now);
  });
}

/** The person may not work any more: what is in force ends now, so that an unblock does not bring it back (S27). */
export async function endInactive(deps: GrantsDeps, lease: Lease, seen: KeyState): Promise<void> {
  await ifUnchanged(deps, lease, seen, async (tx, state, now) => {
    for (const grant of state.grants.filter(({ status }) => status === 'ACTIVE')) {
      await changeGrant(tx, grant.id, { status: 'ENDING', endReason: 'USER_INACTIVE' });
      await auditGrant(tx, now, grant, {
        action: 'GRANT_ENDING',
        says: 'the user was blocked, banned or deactivated',
        details: { endReason: 'USER_INACTIVE' },
      });
    }
  });
}

/** What the key is about is proven to be gone, and every row with it: all that rests on the key is over (S28, S29). */
export async function endGone(deps: GrantsDeps, lease: Lease, seen: KeyState, proof: string): Promise<void> {
  await ifUnchanged(deps, lease, seen, async (tx, state, now) => {
    const { key } = state;
    const closed = { endedAt: now, verifiedAt: now, problem: null, backstop: null };
    for (const grant of state.grants) {
      await changeGrant(tx, grant.id, { status: 'ENDED', endReason: 'GONE', ...closed });
      await auditGrant(tx, now, grant, {
        action: 'GRANT_ENDED',
        says: `ended (GONE): ${proof}`,
        details: { endReason: 'GONE', base: key.base, ours: key.ours },
      });
    }
    for (const revocation of state.revocations) {
      await changeRevocation(tx, revocation.id, { verifiedAt: now, problem: null });
      await auditRevocation(tx, now, revocation, { action: 'REVOCATION_VERIFIED', says: proof });
    }
    await changeKey(tx, key.id, { base: null, ours: null, intent: null, attempts: 0, lookAt: null, ...NOT_WATCHED });
  });
}
