const DAY_MS = 86_400_000;

/**
 * Days until a token dies, rounded up: 1 on its last day, 0 or less once dead. GitLab ends a token at 00:00 UTC at the start of
 * its `expires_at` day (docs/gitlab.md §tokens). Null for a token that never expires.
 */
export function daysLeft(expiresAt: string | null, now: Date): number | null {
  // `+ 0` turns the -0 of a token that died less than a day ago into 0, which JSON and people expect.
  return expiresAt === null ? null : Math.ceil((Date.parse(`${expiresAt}T00:00:00Z`) - now.getTime()) / DAY_MS) + 0;
}
