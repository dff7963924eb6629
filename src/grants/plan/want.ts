import { backstopDate, earlierDate } from '../backstop.ts';
import { highestRole, satisfies } from '../levels.ts';
import type { Base, GrantEffect, Ours, PlanGrant, PlanInput, Target } from './types.ts';

export type Wish = {
  effects: Map<string, GrantEffect>;
  /** Grants whose standing satisfaction was taken away by others (S12). */
  unsatisfied: string[];
  /** What the row shall be for the grants that need it; null: none does. */
  raised: Target | null;
};

type Rests = GrantEffect | 'unsatisfied';

const NOT_INHERITED = { satisfiedBy: null, satisfiedByOurs: false };

/** What one counting grant rests on: the base (S7), the groups above (S8), or a row of ours (S6, S9). */
function restsOn(grant: PlanGrant, input: PlanInput, base: Base): Rests {
  const written: GrantEffect = { effect: base === 'absent' ? 'ADDED' : 'RAISED', ...NOT_INHERITED };
  if (grant.effect === 'ADDED' || grant.effect === 'RAISED') return { effect: grant.effect, ...NOT_INHERITED };
  if (base !== 'absent' && satisfies(base, grant.role)) return { effect: 'ALREADY_SATISFIED', ...NOT_INHERITED };
  const above = input.inherited?.all ?? null;
  if (above !== null && satisfies(above, grant.role)) {
    const others = input.inherited?.others ?? null;
    const byOthers = others !== null && satisfies(others, grant.role);
    return { effect: 'SATISFIED_BY_INHERITANCE', satisfiedBy: byOthers ? others : above, satisfiedByOurs: !byOthers };
  }
  if (grant.effect === null || grant.satisfiedByOurs) return written;
  return 'unsatisfied';
}

/** The end date for a row while grants count on it: the backstop on rows that we made, the base's own date on others (S4–S6). */
function endDate(needing: readonly PlanGrant[], input: PlanInput, base: Base, ours: Ours | null): string | null {
  const due = needing.some((grant) => grant.dueAt === null)
    ? null
    : new Date(Math.max(...needing.map((grant) => grant.dueAt?.getTime() ?? 0)));
  const backstop = due === null ? null : backstopDate(due);
  const date =
    base === 'absent' ? backstop : input.settings.failClosed ? earlierDate(base.expiresAt, backstop) : base.expiresAt;
  return earlierDate(date, ours?.heldDate ?? null);
}

/** Joins the base with the grants that count (S15); `lowered` tells that a foreign change took what they rest on. */
export function wish(input: PlanInput, base: Base, ours: Ours | null, lowered: boolean): Wish {
  const effects = new Map<string, GrantEffect>();
  const unsatisfied: string[] = [];
  const needing: PlanGrant[] = [];
  const respected = input.settings.outsideLowering === 'respect';
  for (const grant of input.grants) {
    if (grant.status === 'ENDING') continue;
    const rests = restsOn(grant, input, base);
    const takenAway = rests === 'unsatisfied' && (lowered || grant.effect === 'SATISFIED_BY_INHERITANCE');
    if (takenAway && respected) {
      unsatisfied.push(grant.id);
      continue;
    }
    const effect: GrantEffect =
      rests === 'unsatisfied' ? { effect: base === 'absent' ? 'ADDED' : 'RAISED', ...NOT_INHERITED } : rests;
    effects.set(grant.id, effect);
    if (effect.effect === 'ADDED' || effect.effect === 'RAISED') needing.push(grant);
  }
  const top = highestRole(needing.map((grant) => grant.role));
  if (top === null) return { effects, unsatisfied, raised: null };
  const role = base !== 'absent' && satisfies(base, top) ? base : top;
  const raised = {
    accessLevel: role.accessLevel,
    memberRoleId: role.memberRoleId,
    expiresAt: endDate(needing, input, base, ours),
  };
  return { effects, unsatisfied, raised };
}
