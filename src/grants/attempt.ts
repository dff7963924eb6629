import type { GitLabClient } from '../gitlab/client.ts';
import type { GitLabError } from '../gitlab/errors.ts';
import { changeGrant } from '../store/grants.ts';
import { changeKey, lockLeased } from '../store/ledger.ts';
import type { Lease } from '../store/ledger.ts';
import { changeRevocation } from '../store/revocations.ts';
import type { Transaction } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { auditGrant, auditMembership } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import type { Role } from './levels.ts';
import type { Observation } from './observe.ts';
import { toSnapshot } from './plan/interpret.ts';
import type { Decision, Intent, Step, Target } from './plan/types.ts';
import { asGitLabError } from './problems.ts';
import { lateAfter } from './late.ts';
import { NOT_QUEUED, hasCome, watchedGrant } from './queued.ts';
import { idle } from './standing.ts';
import { dueFrom, loadState } from './state.ts';
import type { KeyState } from './state.ts';

/** How long a lease is held from each step on; longer than any call to GitLab may take (S42). */
export const LEASE_MS = 45_000;

export type WriteStep = Extract<Step, { do: 'add' | 'change' | 'remove' }>;

export function isWrite(step: Step): step is WriteStep {
  return step.do === 'add' || step.do === 'change' || step.do === 'remove';
}

/** The role that the write leaves; null: none. */
export const leftBy = (step: WriteStep): Role | null =>
  step.do === 'remove' ? null : step.do === 'add' ? step.row : step.role;

/** What the write shall leave. */
function wanted(step: WriteStep, actual: Observation['actual']): 'absent' | Target {
  if (step.do === 'remove') return 'absent';
  if (step.do === 'add') return step.row;
  return { ...step.role, expiresAt: step.expiresAt === undefined ? (actual?.expiresAt ?? null) : step.expiresAt };
}

/** GitLab turns a pending access request into the row that is added (S9). */
function requestUsed(step: WriteStep, { requested }: Observation): Pick<Intent, 'usesRequest'> {
  return step.do === 'add' && (requested === 'yes' || requested === 'maybe') ? { usesRequest: requested } : {};
}

/** What two loads must agree on for a decision to hold. */
export function signature(state: KeyState): string {
  const grants = state.grants.map((grant) => [grant.id, grant.status, grant.dueAt?.getTime() ?? null]);
  return JSON.stringify([grants, state.revocations.map((revocation) => revocation.id)]);
}

/** The grants in force carry it until they end: who looks at them later shall see it too (S13). */
async function markTampered(tx: Transaction<Tables>, state: KeyState, now: Date, message: string): Promise<void> {
  for (const grant of state.grants) {
    if (grant.status !== 'ACTIVE') continue;
    const since = grant.problem?.code === 'TAMPERED' ? grant.problem.since : now;
    await changeGrant(tx, grant.id, { problem: { code: 'TAMPERED', message, since, nextAttemptAt: null } });
    if (grant.problem?.code === 'TAMPERED') continue;
    await auditGrant(tx, now, grant, {
      action: 'GRANT_PROBLEM',
      says: `TAMPERED: ${message}`,
      details: { code: 'TAMPERED' },
    });
  }
}

const ENDS = {
  OUTSIDE_CHANGE: 'somebody else lowered what it rests on',
  UPSTREAM_SYNC: 'LDAP or SAML lowered what it rests on; the membership is left to it',
} as const;

/** Stores what others' changes did, as seen by the plan. */
export async function storeOutsideChanges(
  tx: Transaction<Tables>,
  context: { state: KeyState; decision: Decision; observation: Observation; connectionId: string; now: Date },
): Promise<void> {
  const { state, decision, now } = context;
  for (const notice of decision.notices) {
    await auditMembership(tx, now, state.key, {
      action: 'MEMBERSHIP_CHANGED_OUTSIDE',
      connectionId: context.connectionId,
      grantId: state.grants[0]?.id ?? watchedGrant(state.key),
      says: notice.message,
      details: { code: notice.code, seen: context.observation.actual },
    });
    if (notice.code === 'TAMPERED') await markTampered(tx, state, now, notice.message);
  }
  for (const { grantId, reason } of decision.ends) {
    const grant = state.grants.find((candidate) => candidate.id === grantId);
    if (grant === undefined || grant.status === 'ENDING') continue;
    await changeGrant(tx, grantId, { status: 'ENDING', endReason: reason });
    await auditGrant(tx, now, grant, { action: 'GRANT_ENDING', says: ENDS[reason] });
  }
}

type Attempt = {
  state: KeyState;
  decision: Decision;
  step: WriteStep;
  observation: Observation;
  connectionId: string;
  /** The last write whose answer was heard, by the time of its intent. */
  answered: Date | null;
};

/**
 * Commits the intent: from here on a crash finds base, want and a due time stored (S1). `lost`: the lease is; `changed`: the key's
 * grants did since the decision: then nothing may be written.
 */
export async function commitIntent(
  deps: GrantsDeps,
  lease: Lease,
  context: Attempt,
): Promise<'lost' | 'changed' | { intentAt: Date }> {
  const now = await deps.store.clock.now();
  return deps.store.transaction(async (tx) => {
    const key = await lockLeased(tx, lease, new Date(now.getTime() + LEASE_MS));
    if (key === null) return 'lost';
    const fresh = await loadState(tx, key, now, deps.settings);
    if (signature(fresh) !== signature(context.state)) return 'changed';
    const { decision, step, observation, connectionId } = context;
    const grantId = fresh.grants[0]?.id ?? watchedGrant(key);
    const { actual, listed } = observation;
    const late = await lateAfter(tx, key, { ...context, actual, listed, base: decision.base, now, grantId });
    await storeOutsideChanges(tx, { ...context, now });
    const before = observation.actual === null ? 'absent' : toSnapshot(observation.actual);
    const want = wanted(step, observation.actual);
    // `look_at` is now: should this process die here, whoever takes the lease next reads and completes or undoes.
    await changeKey(tx, key.id, {
      base: decision.base,
      ours: decision.ours,
      intent: { at: now, before, want, ...requestUsed(step, observation) },
      lookAt: now,
      ...(hasCome(key, decision, actual) && !idle(fresh) ? NOT_QUEUED : {}),
      ...late,
    });
    const shownBase = decision.base === 'absent' ? null : decision.base;
    for (const grant of fresh.grants) {
      if (grant.status === 'ACTIVATING')
        await changeGrant(tx, grant.id, { dueAt: dueFrom(grant, now), base: shownBase });
    }
    if (observation.actual !== null) {
      const removed = toSnapshot(observation.actual);
      for (const revocation of fresh.revocations) {
        if (revocation.removed === null) await changeRevocation(tx, revocation.id, { removed });
      }
    }
    await auditMembership(tx, now, key, {
      action: 'MEMBERSHIP_WRITE',
      connectionId,
      grantId,
      says: `about to ${step.do} the direct membership`,
      details: { before: observation.actual, want },
    });
    return { intentAt: now };
  });
}

export type WriteOutcome = { kind: 'sent' | 'queued' } | { kind: 'failed'; error: GitLabError };

/**
 * Sends the one write. Whatever it answers proves nothing: only the read that follows does. `ifUnmodifiedSince`: a removal is only
 * carried out if GitLab has not changed the row since; null: in any case.
 */
export async function write(
  client: GitLabClient,
  state: KeyState,
  step: WriteStep,
  ifUnmodifiedSince: Date | null,
): Promise<WriteOutcome> {
  const { source, user } = state.key;
  try {
    if (step.do === 'add') return { kind: await client.addMember(source, user.id, step.row) };
    if (step.do === 'change') {
      const { role, expiresAt } = step;
      const dated = expiresAt === undefined ? role : { ...role, expiresAt };
      return { kind: await client.changeMember(source, user.id, dated) };
    }
    await client.removeMember(source, user.id, { ifUnmodifiedSince });
    return { kind: 'sent' };
  } catch (error) {
    return { kind: 'failed', error: asGitLabError(error) };
  }
}
