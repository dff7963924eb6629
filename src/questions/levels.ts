/** Gives nothing but a name on the list of a top-level group: it is not inherited and reaches no project (docs/gitlab.md §roles). */
export const MINIMAL_ACCESS = 5;
const PLANNER = 15;
const SECURITY_MANAGER = 25;
const OWNER = 50;

/** Which effective levels are wanted: those of `only`, or any from `from` on where that is null. */
export type Wanted = { from: number; only: readonly number[] | null };

/**
 * The levels that satisfy `atLeast`. Planner and Security Manager stand beside the ladder: only the same role and Owner have all
 * that they have (docs/grants.md S39). A number that is not known here counts by its size, so that nobody is hidden for it.
 */
export function wantedLevels(atLeast: number | null): Wanted {
  if (atLeast === null) return { from: 1, only: null };
  const beside = atLeast === PLANNER || atLeast === SECURITY_MANAGER;
  return { from: atLeast, only: beside ? [atLeast, OWNER] : null };
}

/** Whether a level is among the wanted. */
export function isWanted(level: number, { from, only }: Wanted): boolean {
  return level >= from && (only === null || only.includes(level));
}
