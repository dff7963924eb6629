import { datePassed } from '../backstop.ts';
import { compareRoles, isKnownLevel } from '../levels.ts';
import { interpret, sameRow } from './interpret.ts';
import type {
  Base,
  Decision,
  Inherited,
  OutsideNotice,
  Ours,
  PlanGrant,
  PlanInput,
  Row,
  Snapshot,
  Step,
  Target,
} from './types.ts';
import { wish } from './want.ts';

/** Whether the decision depends on the roles in the groups above; if not, they need not be read. */
export function needsInherited(
  input: Pick<PlanInput, 'grants' | 'base' | 'ours' | 'intent' | 'late' | 'revoking'>,
): boolean {
  if (input.revoking) return false;
  const counting = input.grants.filter((grant) => grant.status !== 'ENDING');
  if (counting.some((grant) => grant.effect === null || grant.effect === 'SATISFIED_BY_INHERITANCE')) return true;
  const written = input.ours !== null || input.intent !== null || input.late.length > 0;
  return counting.length === 0 && written && input.base !== null && input.base !== 'absent';
}

/** Such a row gives nothing, so nothing rests on it and nothing is built on it (S31). */
const AWAITING: Step = {
  do: 'wait',
  problem: 'PENDING_UPSTREAM',
  message: 'GitLab holds the membership until an owner of the group approves it.',
};

/** From what stands to what shall stand. */
function towards(actual: Row | null, target: Target): Step {
  if (actual === null) return { do: 'add', row: target };
  if (actual.state === 'awaiting') return AWAITING;
  if (sameRow(actual, target)) return { do: 'nothing' };
  if (!isKnownLevel(actual.accessLevel)) {
    const message = `The membership has access level ${String(actual.accessLevel)}, which Gatehouse does not know and will not overwrite.`;
    return { do: 'blocked', problem: 'UPSTREAM_REFUSED', message };
  }
  const role = { accessLevel: target.accessLevel, memberRoleId: target.memberRoleId };
  return actual.expiresAt === target.expiresAt
    ? { do: 'change', role }
    : { do: 'change', role, expiresAt: target.expiresAt };
}

/** A base that was a row is given up for what others give above: it cannot be made again, so they must be known for certain (S30). */
export function givesUpBase({ base, notices }: Decision, inherited: Inherited | null): boolean {
  if (!notices.some(({ code }) => code === 'BASE_NOT_RESTORED') || base === 'absent') return false;
  return (inherited?.others?.accessLevel ?? 0) > base.accessLevel;
}

/** Back to a base that was a row (S6), by way of what makes that impossible (S30). */
function restore(input: PlanInput, base: Snapshot, actual: Row | null): { step: Step; notice: OutsideNotice | null } {
  const kept = `It was level ${String(base.accessLevel)}${base.expiresAt === null ? '' : ` until ${base.expiresAt}`}.`;
  const gone = (reason: string): { step: Step; notice: OutsideNotice } => ({
    step: actual === null ? { do: 'nothing' } : { do: 'remove' },
    notice: { code: 'BASE_NOT_RESTORED', message: `${reason} ${kept}` },
  });
  if (datePassed(base.expiresAt, input.now))
    return gone('The membership before the grant has passed its own end date.');
  const others = input.inherited?.others ?? null;
  if (others !== null && others.accessLevel > base.accessLevel) {
    return gone(
      `The group ${others.group.fullPath} gives more, so GitLab does not accept the membership that was before.`,
    );
  }
  const above = input.inherited?.all ?? null;
  if (above === null || above.accessLevel <= base.accessLevel) return { step: towards(actual, base), notice: null };
  const lowered = { accessLevel: above.accessLevel, memberRoleId: null, expiresAt: actual?.expiresAt ?? null };
  if (actual !== null && compareRoles(actual, lowered) > 0) return { step: towards(actual, lowered), notice: null };
  const message = `A grant on ${above.group.fullPath} gives more at the moment; the membership goes back to what it was when that ends.`;
  return { step: { do: 'wait', problem: 'SHADOWED', message }, notice: null };
}

/** What the row goes to when no grant counts on it any more. */
function unwind(input: PlanInput, base: Base, ours: Ours | null): { step: Step; notice: OutsideNotice | null } {
  const { actual } = input;
  // A row that is not ours is the base already.
  if (ours === null && base !== 'absent' && (actual === null || sameRow(actual, base))) {
    const recreate = actual === null;
    return recreate ? restore(input, base, actual) : { step: { do: 'nothing' }, notice: null };
  }
  if (base === 'absent') return { step: actual === null ? { do: 'nothing' } : { do: 'remove' }, notice: null };
  return restore(input, base, actual);
}

/** GitLab refuses a direct row below an inherited one, and it would give nothing: it is left as it is. */
function shadowedWrite(input: PlanInput, step: Step, raised: Target): boolean {
  const above = input.inherited?.all ?? null;
  return (step.do === 'add' || step.do === 'change') && above !== null && above.accessLevel > raised.accessLevel;
}

/**
 * Decides what to do at one key, from what is recorded and what GitLab shows. Pure, and safe to ask again: once its step is
 * done and read back, the next answer is `nothing`. The rules are in docs/grants.md.
 */
export function plan(input: PlanInput): Decision {
  const reading = interpret(input);
  const { base, ours } = reading;
  if (input.revoking) {
    const step: Step = input.actual === null ? { do: 'nothing' } : { do: 'remove' };
    return { base, ours: input.actual === null ? null : ours, ends: [], notices: [], effects: new Map(), step };
  }
  const counting = input.grants.filter((grant) => grant.status !== 'ENDING');
  const respected = input.settings.outsideLowering === 'respect';
  const rowTaken = reading.lowered && respected && (input.ours !== null || input.intent !== null);
  const ended: readonly PlanGrant[] = rowTaken ? counting.filter((grant) => grant.status === 'ACTIVE') : [];
  const endedIds = new Set(ended.map((grant) => grant.id));
  const remaining = { ...input, grants: counting.filter((grant) => !endedIds.has(grant.id)) };
  const wished = wish(remaining, base, ours, reading.lowered);
  const ends = [...endedIds, ...wished.unsatisfied].map((grantId) => ({ grantId, reason: 'OUTSIDE_CHANGE' as const }));
  const outcome = { base, ours, ends, effects: wished.effects };
  if (input.actual?.state === 'awaiting' && wished.effects.size > 0) {
    return { ...outcome, notices: reading.notices, step: AWAITING };
  }
  if (wished.raised === null) {
    const { step, notice } = unwind(input, base, ours);
    return { ...outcome, notices: notice === null ? reading.notices : [...reading.notices, notice], step };
  }
  const step = towards(input.actual, wished.raised);
  const settled = shadowedWrite(input, step, wished.raised) ? { do: 'nothing' as const } : step;
  return { ...outcome, notices: reading.notices, step: settled };
}
