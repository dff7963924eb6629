import { approvable } from './approvals.ts';
import { byLaterClock } from './backstop.ts';
import type { Observation } from './observe.ts';
import { plan } from './plan/plan.ts';
import type { Decision } from './plan/types.ts';
import { awaitsApproval, ledgerOf } from './queued.ts';
import type { GrantSettings } from './settings.ts';
import { planGrants } from './state.ts';
import type { KeyState } from './state.ts';

export type DecideContext = {
  settings: GrantSettings;
  now: Date;
  /** GitLab's clock less ours; null: not known yet. */
  clockSkewMs: number | null;
  gatewayUserIds: readonly string[];
  /** The last write whose answer was heard, by the time of its intent. */
  answered: Date | null;
};

/** What to do at a key, from what is stored of it and what GitLab showed. Pure. */
export function decideOn(
  state: KeyState,
  { actual, inherited, listed }: Pick<Observation, 'actual' | 'inherited' | 'listed'>,
  { settings, now, clockSkewMs, gatewayUserIds, answered }: DecideContext,
): Decision {
  const { key } = state;
  const { queued, ...ledger } = ledgerOf(key);
  const known = awaitsApproval(key, now) ? queued : null;
  const senders = [key.queued?.byUserId, ...ledger.late.map(({ byUserId }) => byUserId)];
  return plan({
    ...ledger,
    approvable: approvable(key, { queued: known, late: ledger.late, listed, answered }),
    sourceKind: key.source.kind,
    grants: planGrants(state.grants, now).map((grant) => ({ ...grant, dueAt: byLaterClock(grant.dueAt, clockSkewMs) })),
    revoking: state.revocations.length > 0,
    actual,
    inherited,
    // Who sent a write that may still come is one of us, though the connection be deleted.
    gatewayUserIds: [...gatewayUserIds, ...senders.filter((id) => typeof id === 'string')],
    settings,
    now,
  });
}

/**
 * What to do while what was asked for last waits in GitLab's queue (S31): the ends of other grants are not kept by it. Null: nothing.
 * Pure.
 */
export function decideMeanwhile(
  state: KeyState,
  observation: Pick<Observation, 'actual' | 'inherited' | 'listed'>,
  context: DecideContext,
): Decision | null {
  const begun = state.grants.filter(({ status }) => status !== 'ACTIVATING');
  const decision = decideOn({ ...state, grants: begun }, observation, context);
  const { step } = decision;
  if (step.do === 'add' || step.do === 'change' || step.do === 'remove') return decision;
  return step.do === 'nothing' && begun.some(({ status }) => status === 'ENDING') ? decision : null;
}
