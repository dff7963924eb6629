const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The easternmost zone is 14 h ahead of UTC, so a date chosen this far ahead is not early anywhere. */
const FURTHEST_EAST_MS = 14 * HOUR_MS;

/** `YYYY-MM-DD` of the instant in UTC. */
export function utcDate(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/**
 * The date for GitLab's own `expires_at` that ends a row should we never return: never before `due` in any time zone, and about
 * 38 hours late at most on a UTC server (S4, docs/gitlab.md §expiry).
 */
export function backstopDate(due: Date): string {
  return utcDate(new Date(due.getTime() + FURTHEST_EAST_MS + DAY_MS));
}

/** The earlier of two end dates, null being never. */
export function earlierDate(a: string | null, b: string | null): string | null {
  if (a === null) return b;
  if (b === null) return a;
  return a < b ? a : b;
}

/** Whether end date `a` leaves access for longer than `b`, null being for ever. */
export function endsLater(a: string | null, b: string | null): boolean {
  if (a === b || b === null) return false;
  return a === null || a > b;
}

/** GitLab's nightly job may have taken a row with this date by now, in some zone (docs/gitlab.md §expiry). */
export function dateReached(expiresAt: string | null, now: Date): boolean {
  return expiresAt !== null && expiresAt <= utcDate(new Date(now.getTime() + FURTHEST_EAST_MS));
}

/** The date is over in UTC: GitLab refuses every change of a row that carries it (docs/gitlab.md §expiry). */
export function datePassed(expiresAt: string | null, now: Date): boolean {
  return expiresAt !== null && expiresAt < utcDate(now);
}

const SKEW_IGNORED_MS = 60_000;

/**
 * The due time as the later of both clocks has it: GitLab takes a row by its own (S21). Counted in whole hours, so that a skew
 * that wavers from call to call does not move dates. `clockSkewMs`: GitLab's clock less ours.
 */
export function byLaterClock(due: Date | null, clockSkewMs: number | null): Date | null {
  if (due === null || clockSkewMs === null || clockSkewMs <= SKEW_IGNORED_MS) return due;
  return new Date(due.getTime() + Math.ceil(clockSkewMs / HOUR_MS) * HOUR_MS);
}
