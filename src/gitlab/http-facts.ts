import type { HttpResponse } from './transport.ts';

export type RateLimitFacts = { limit: number; remaining: number; resetAt: Date };

function wholeNumber(value: string | undefined): number | null {
  return value !== undefined && /^\d+$/.test(value.trim()) ? Number(value) : null;
}

/** The throttle's state as GitLab tells it on each answer, null where it tells none (docs/gitlab.md §rate limits). */
export function rateLimitOf({ headers }: Pick<HttpResponse, 'headers'>): RateLimitFacts | null {
  const limit = wholeNumber(headers['ratelimit-limit']);
  const remaining = wholeNumber(headers['ratelimit-remaining']);
  const reset = wholeNumber(headers['ratelimit-reset']);
  return limit === null || remaining === null || reset === null
    ? null
    : { limit, remaining, resetAt: new Date(reset * 1000) };
}

/**
 * How long a 429 asks us to wait: `Retry-After` in seconds or as a date, else until `RateLimit-Reset`. Dates are read against
 * GitLab's own clock where the answer shows it. Undefined if it says nothing.
 */
export function retryAfterMs(response: Pick<HttpResponse, 'headers' | 'date'>, now: Date): number | undefined {
  const clock = (response.date ?? now).getTime();
  const header = response.headers['retry-after'];
  const seconds = wholeNumber(header);
  if (seconds !== null) return seconds * 1000;
  const date = new Date(header ?? '').getTime();
  if (!Number.isNaN(date)) return Math.max(0, date - clock);
  const reset = wholeNumber(response.headers['ratelimit-reset']);
  return reset === null ? undefined : Math.max(0, reset * 1000 - clock);
}

export function isJson({ headers }: Pick<HttpResponse, 'headers'>): boolean {
  return (headers['content-type'] ?? '').includes('json');
}

/** The body as JSON, `undefined` when it is none. */
export function jsonOf(response: Pick<HttpResponse, 'body'>): unknown {
  try {
    const value: unknown = JSON.parse(response.body);
    return value;
  } catch {
    return undefined;
  }
}
