import { standInConnection } from '../store/connections.ts';
import { changeKey, lockLeased } from '../store/ledger.ts';
import type { Lease } from '../store/ledger.ts';
import { LEASE_MS } from './attempt.ts';
import type { GrantsDeps } from './deps.ts';
import { pollFrom } from './polling.ts';
import { NOT_WATCHED, watched } from './queued.ts';
import { scheduleNext } from './settle.ts';
import { connectionOf, idle } from './standing.ts';
import { loadState, nextByTime } from './state.ts';
import type { KeyState } from './state.ts';

/** The key as it is now, under the lease; null: there is nothing to look for, or nobody to ask, and its next look is stored. */
export async function loadUnderLease(deps: GrantsDeps, lease: Lease): Promise<KeyState | null> {
  const now = await deps.store.clock.now();
  return deps.store.transaction(async (tx) => {
    const key = await lockLeased(tx, lease, new Date(now.getTime() + LEASE_MS));
    if (key === null) return null;
    const state = await loadState(tx, key, now, deps.settings);
    const byTime = nextByTime(state.grants, deps.settings);
    if (idle(state) && !watched(key, now)) {
      // Nothing to prove: closed until something begins.
      await changeKey(tx, key.id, { base: null, ours: null, intent: null, attempts: 0, ...NOT_WATCHED });
      await scheduleNext(deps, tx, key.id, byTime);
      return null;
    }
    if (connectionOf(state) !== null) return state;
    // Its connection was deleted: any other to the same GitLab will do, and should there be none, one that is saved later.
    const queuedConnectionId = await standInConnection(tx, key);
    if (queuedConnectionId !== null) return { ...state, key: { ...key, queuedConnectionId } };
    await scheduleNext(deps, tx, key.id, byTime, { pollAt: pollFrom(now) });
    return null;
  });
}
