import { byLaterClock } from './backstop.ts';
import type { Observation } from './observe.ts';
import { plan } from './plan/plan.ts';
import type { Decision } from './plan/types.ts';
import { ledgerOf } from './queued.ts';
import type { GrantSettings } from './settings.ts';
import { planGrants } from './state.ts';
import type { KeyState } from './state.ts';

export type DecideContext = {
  settings: GrantSettings;
  now: Date;
  /** GitLab's clock less ours; null: not known yet. */
  clockSkewMs: number | null;
  gatewayUserIds: readonly string[];
};

/** What to do at a key, from what is stored of it and what GitLab showed. Pure. */
export function decideOn(
  state: KeyState,
  { actual, inherited }: Pick<Observation, 'actual' | 'inherited'>,
  { settings, now, clockSkewMs, gatewayUserIds }: DecideContext,
): Decision {
  const { key } = state;
  const { base, ours, intent } = ledgerOf(key);
  return plan({
    sourceKind: key.source.kind,
    base,
    ours,
    intent,
    grants: planGrants(state.grants, now).map((grant) => ({ ...grant, dueAt: byLaterClock(grant.dueAt, clockSkewMs) })),
    revoking: state.revocations.length > 0,
    actual,
    inherited,
    gatewayUserIds: [...gatewayUserIds],
    settings,
    now,
  });
}
