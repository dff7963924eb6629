import { Refusal } from '../errors.ts';
import type { GitLabClient } from '../gitlab/client.ts';
import type { GrantRow } from '../store/grants.ts';
import { lockLeased } from '../store/ledger.ts';
import type { Lease } from '../store/ledger.ts';
import { LEASE_MS } from './attempt.ts';
import type { GrantsDeps } from './deps.ts';
import { checkEligible } from './eligibility.ts';
import type { ProblemCode, Trouble } from './problems.ts';
import { resolveTarget, resolveUser } from './resolve.ts';
import { failGrant } from './fail.ts';
import { loadState } from './state.ts';
import type { KeyState } from './state.ts';

const PROBLEMS: Partial<Record<string, ProblemCode>> = { TARGET_LOCKED: 'SOURCE_LOCKED', LAST_OWNER: 'LAST_OWNER' };

/** A scheduled grant whose start has come and for which nothing was sent yet. */
const starts = (state: KeyState, grant: GrantRow): boolean =>
  grant.status === 'ACTIVATING' && grant.startsAt !== null && state.key.intent === null;

function toTrouble(refusal: Refusal): Trouble | null {
  const [first] = refusal.userErrors;
  // A group or project that is out of sight is no refusal: the look that follows says so, and tries again.
  if (first === undefined || (first.code === 'NOT_FOUND' && first.field?.[0] === 'target')) return null;
  const { code, message } = first;
  return { code: PROBLEMS[code] ?? 'UPSTREAM_REFUSED', message, retryAfterMs: null, userErrorCode: code };
}

/** Why the grant may not start now; null: it may. Rejects with a `GitLabError`. */
async function whyNot(
  deps: GrantsDeps,
  client: GitLabClient,
  state: KeyState,
  grant: GrantRow,
): Promise<Trouble | null> {
  try {
    const [user, target] = await Promise.all([
      resolveUser(client, { by: 'id', id: grant.user.id }, ['user']),
      resolveTarget(client, { by: 'id', ref: grant.source }, ['target']),
    ]);
    const { instanceId } = state.key;
    await checkEligible(deps, client, { instanceId, user, target, accessLevel: grant.accessLevel });
    return null;
  } catch (error) {
    if (error instanceof Refusal) return toTrouble(error);
    throw error;
  }
}

/**
 * What was asked for long ago is checked again when it starts: the person may be blocked, the place locked by now (S20). Such a
 * grant has FAILED without a call that writes. Says whether any did; rejects with a `GitLabError`.
 */
export async function failIneligible(
  deps: GrantsDeps,
  lease: Lease,
  client: GitLabClient,
  state: KeyState,
): Promise<boolean> {
  const refused = new Map<string, Trouble>();
  for (const grant of state.grants.filter((one) => starts(state, one))) {
    const trouble = await whyNot(deps, client, state, grant);
    if (trouble !== null) refused.set(grant.id, trouble);
  }
  if (refused.size === 0) return false;
  const now = await deps.store.clock.now();
  await deps.store.transaction(async (tx) => {
    const key = await lockLeased(tx, lease, new Date(now.getTime() + LEASE_MS));
    if (key === null) return;
    const fresh = await loadState(tx, key, now, deps.settings);
    for (const grant of fresh.grants.filter((one) => starts(fresh, one))) {
      const trouble = refused.get(grant.id);
      if (trouble !== undefined) await failGrant(tx, grant, now, trouble);
    }
  });
  return true;
}
