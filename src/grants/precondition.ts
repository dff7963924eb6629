import type { Observation } from './observe.ts';

/**
 * So often in a row GitLab took the row for changed since it was read, though it read the same each time: then GitLab's clock was set
 * back, and the condition would hold the removal up until it has caught up (S42).
 */
const MOST_UNCHANGED = 2;

/** The row that GitLab took for changed since it was read, and how often in a row. */
export type Unchanged = { row: string; times: number };

export const NOT_HELD: Unchanged = { row: '', times: 0 };

/** GitLab did not remove the row that was read, because it was changed since (412). */
export function afterMismatch(before: Unchanged, { actual }: Observation): Unchanged {
  const row = JSON.stringify(actual);
  return { row, times: before.row === row ? before.times + 1 : 1 };
}

/** The time that a removal is compared with; null: it is sent without. */
export function conditionOf({ row, times }: Unchanged, { actual, readAt }: Observation): Date | null {
  return times >= MOST_UNCHANGED && row === JSON.stringify(actual) ? null : readAt;
}
