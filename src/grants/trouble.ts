import type { Transaction } from 'kysely';
import { changeGrant } from '../store/grants.ts';
import type { GrantRow, Problem } from '../store/grants.ts';
import { changeKey, lockLeased } from '../store/ledger.ts';
import type { Lease } from '../store/ledger.ts';
import { changeRevocation } from '../store/revocations.ts';
import type { RevocationRow } from '../store/revocations.ts';
import type { Tables } from '../store/tables.ts';
import { raiseAlert } from './alerts.ts';
import { LEASE_MS } from './attempt.ts';
import { auditGrant, auditRevocation } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import { failGrant } from './fail.ts';
import { backOffMs, problemFor } from './problems.ts';
import type { Trouble } from './problems.ts';
import { pollFrom } from './polling.ts';
import { nextLateLook } from './late.ts';
import { awaitsApproval } from './queued.ts';
import { scheduleNext } from './settle.ts';
import { loadState, nextByTime } from './state.ts';

/** True: it did not have this problem before. */
async function troubleGrant(tx: Transaction<Tables>, grant: GrantRow, now: Date, problem: Problem): Promise<boolean> {
  // Tampering stays in sight until the grant ends (S13).
  if (grant.status === 'ACTIVE' && grant.problem?.code === 'TAMPERED') return false;
  await changeGrant(tx, grant.id, { problem });
  if (grant.problem?.code === problem.code) return false;
  await auditGrant(tx, now, grant, {
    action: 'GRANT_PROBLEM',
    says: `${problem.code}: ${problem.message}`,
    details: { code: problem.code },
  });
  return true;
}

async function troubleRevocation(
  tx: Transaction<Tables>,
  row: RevocationRow,
  now: Date,
  problem: Problem,
): Promise<void> {
  await changeRevocation(tx, row.id, { problem });
  if (row.problem?.code === problem.code) return;
  await auditRevocation(tx, now, row, {
    action: 'REVOCATION_PROBLEM',
    says: `${problem.code}: ${problem.message}`,
    details: { code: problem.code },
  });
}

/**
 * The look could not be finished: says why on all that waits for it, and looks again after a pause (S3). Grants in force
 * carry the problem only when the trouble is theirs too (`alsoActive`: a write for them is outstanding, or out of sight).
 */
export async function storeTrouble(
  deps: GrantsDeps,
  lease: Lease,
  trouble: Trouble,
  options: { alsoActive: boolean },
): Promise<void> {
  const now = await deps.store.clock.now();
  const fresh: GrantRow[] = [];
  await deps.store.transaction(async (tx) => {
    const key = await lockLeased(tx, lease, new Date(now.getTime() + LEASE_MS));
    if (key === null) return;
    const state = await loadState(tx, key, now, deps.settings);
    const pauseMs = trouble.retryAfterMs ?? backOffMs(key.attempts, Math.random());
    const nextAttemptAt = new Date(now.getTime() + pauseMs);
    for (const grant of state.grants) {
      const waits = grant.status === 'ACTIVATING' || grant.status === 'ENDING';
      const theirs = options.alsoActive || trouble.code === 'SOURCE_UNREADABLE';
      if (!waits && !(theirs && grant.status === 'ACTIVE')) continue;
      if (await troubleGrant(tx, grant, now, problemFor(grant, trouble, now, nextAttemptAt))) fresh.push(grant);
    }
    for (const revocation of state.revocations) {
      const thing = { status: 'REVOKING', endReason: null, problem: revocation.problem } as const;
      await troubleRevocation(tx, revocation, now, problemFor(thing, trouble, now, nextAttemptAt));
    }
    await changeKey(tx, key.id, { attempts: key.attempts + 1 });
    const byTime = nextByTime(state.grants, deps.settings);
    const next = byTime !== null && byTime < nextAttemptAt ? byTime : nextAttemptAt;
    await scheduleNext(deps, tx, key.id, next);
  });
  const { code, message } = trouble;
  if (code !== 'SOURCE_UNREADABLE' && code !== 'LAST_OWNER') return;
  for (const grant of fresh) raiseAlert(deps, code, { ...grant, grantId: grant.id }, message);
}

/**
 * GitLab refused the write for good and a read shows nothing of it: what was not active yet has FAILED; ends and grants in
 * force keep the problem and are tried again. Says whether anything failed.
 */
export async function storeRefusal(deps: GrantsDeps, lease: Lease, trouble: Trouble): Promise<'failed' | 'kept'> {
  const now = await deps.store.clock.now();
  const failed = await deps.store.transaction(async (tx) => {
    const key = await lockLeased(tx, lease, new Date(now.getTime() + LEASE_MS));
    if (key === null) return 0;
    const state = await loadState(tx, key, now, deps.settings);
    const activating = state.grants.filter((grant) => grant.status === 'ACTIVATING');
    for (const grant of activating) await failGrant(tx, grant, now, trouble);
    await changeKey(tx, key.id, { intent: null });
    const left = state.grants.filter((grant) => grant.status !== 'ACTIVATING');
    const begun = left.some((grant) => grant.status !== 'SCHEDULED') || state.revocations.length > 0;
    if (!begun) {
      await changeKey(tx, key.id, { base: null, ours: null, attempts: 0 });
      const pollAt = awaitsApproval(key, now) ? pollFrom(now) : nextLateLook(key, now);
      await scheduleNext(deps, tx, key.id, nextByTime(left, deps.settings), { pollAt });
    }
    return activating.length;
  });
  if (failed > 0) return 'failed';
  await storeTrouble(deps, lease, trouble, { alsoActive: true });
  return 'kept';
}
