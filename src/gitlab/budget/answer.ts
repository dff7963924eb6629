import { isJson, rateLimitOf, retryAfterMs } from '../http-facts.ts';
import type { HttpResponse } from '../transport.ts';
import type { ThrottleFacts } from './throttle.ts';

/** What an answer tells of GitLab's limits. `retryAfterMs` undefined: it does not say. */
export type Verdict =
  | { kind: 'passed' }
  /** This route only, or everything, is closed. */
  | { kind: 'refused'; closes: 'route' | 'all'; retryAfterMs: number | undefined }
  /** GitLab, or a proxy before it, cannot keep up. */
  | { kind: 'overloaded'; retryAfterMs: number | undefined };

const OVERLOADED: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Limits of single routes answer JSON, and carry the general throttle's headers where that is on; the throttle itself answers text,
 * and the one of old routes closes those only (docs/gitlab.md §rate limits).
 */
function closedBy(response: HttpResponse): 'route' | 'all' {
  if (isJson(response)) return 'route';
  return (response.headers['ratelimit-name'] ?? '').includes('deprecated') ? 'route' : 'all';
}

export function verdictOf(response: HttpResponse, now: Date): Verdict {
  if (response.status === 429) {
    return { kind: 'refused', closes: closedBy(response), retryAfterMs: retryAfterMs(response, now) };
  }
  if (!OVERLOADED.has(response.status)) return { kind: 'passed' };
  const told = response.headers['retry-after'] === undefined ? undefined : retryAfterMs(response, now);
  return { kind: 'overloaded', retryAfterMs: told };
}

/** The general throttle as the answer tells it, null where it tells none or another one. */
export function throttleOf(response: HttpResponse): ThrottleFacts | null {
  const facts = rateLimitOf(response);
  if (facts === null || (response.headers['ratelimit-name'] ?? '').includes('deprecated')) return null;
  const observed = response.headers['ratelimit-observed'];
  const total = observed !== undefined && /^\d+$/.test(observed) ? Number(observed) + facts.remaining : null;
  return { remaining: facts.remaining, resetAt: facts.resetAt, total };
}
