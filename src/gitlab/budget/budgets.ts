import { createBudget } from '../budget.ts';
import type { Budget, BudgetStanding } from '../budget.ts';
import type { After } from './admission.ts';
import type { SharedLimits } from './shared-limits.ts';

/** The budgets of this process, one for each connection. */
export type Budgets = {
  /** The connection's budget, the same until each of those who have it has released it; the last one waits until what was not used is given back. */
  for(connectionId: string | null): { budget: Budget; release: () => Promise<void> };
  /** Those of saved connections. */
  standing(): BudgetStanding[];
};

export type BudgetsDeps = {
  now: () => Date;
  /** A number in [0, 1). */
  random?: () => number;
  after?: After;
  /** Where processes on one database agree; left out where there is one process only. */
  shared?: SharedLimits | null;
  /** Told when `shared` fails; meanwhile this process counts for itself. */
  onError?: (error: unknown) => void;
};

/** Eight calls at once suit any GitLab; two keep it going when it is in trouble, one of them for revokes. */
const SLOTS = { start: 8, floor: 2, ceiling: 32 };
/** Revokes may go beyond the limit by their reserve, a quarter. */
export const MOST_CONNECTIONS = SLOTS.ceiling + SLOTS.ceiling / 4;

/** A timer does not keep a process alive that has nothing else to do. */
function afterOnTimers(ms: number, wake: () => void): () => void {
  const timer = setTimeout(wake, ms);
  timer.unref();
  return () => {
    clearTimeout(timer);
  };
}

export function createBudgets(deps: BudgetsDeps): Budgets {
  const kept = new Map<string, { budget: Budget; users: number }>();
  const make = (connectionId: string | null): Budget =>
    createBudget({
      connectionId,
      slots: SLOTS,
      now: deps.now,
      random: deps.random ?? Math.random,
      after: deps.after ?? afterOnTimers,
      shared: deps.shared ?? null,
      onError: deps.onError ?? (() => undefined),
    });

  return {
    for(connectionId) {
      const known = connectionId === null ? undefined : kept.get(connectionId);
      const entry = known ?? { budget: make(connectionId), users: 0 };
      entry.users += 1;
      if (connectionId !== null) kept.set(connectionId, entry);
      let released = false;
      return {
        budget: entry.budget,
        async release() {
          if (released) return;
          released = true;
          entry.users -= 1;
          if (entry.users > 0) return;
          if (connectionId !== null) kept.delete(connectionId);
          await entry.budget.close();
        },
      };
    },
    standing: () => [...kept.values()].map(({ budget }) => budget.standing()),
  };
}
