import { GitLabError } from './errors.ts';

export type RetryOptions = {
  tries: number;
  /** No new try starts later than this after the first. */
  totalMs: number;
  baseDelayMs: number;
  /** No pause is longer, but for what GitLab asks for. */
  longestDelayMs: number;
  sleep: (ms: number) => Promise<void>;
  /** A number in [0, 1). */
  random: () => number;
  /** Milliseconds of a clock that only goes forward. */
  elapsedMs: () => number;
};

const WORTH_IT: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'TIMEOUT',
  'CONNECTION_LOST',
  'UNAVAILABLE',
  'RATE_LIMITED',
]);

/** How long to pause before the next try, null if there is none. */
function delayBefore(error: unknown, tried: number, options: RetryOptions): number | null {
  if (!(error instanceof GitLabError) || !WORTH_IT.has(error.code) || tried >= options.tries) return null;
  const { retryAfterMs: asked, status } = error.details;
  // Refused by GitLab, the read goes back into the budget's queue, which knows when its limit opens; without a status it was the
  // budget that refused, for good.
  if (error.code === 'RATE_LIMITED') return status === undefined ? null : 0;
  const backoff = Math.min(options.longestDelayMs, options.baseDelayMs * 2 ** (tried - 1)) * (0.5 + options.random());
  return Math.max(asked ?? 0, backoff);
}

/**
 * Repeats an idempotent read after failures that may pass, a bounded number of times within a bounded time, with jittered
 * growing pauses. What GitLab's limits refuse is not paced here but by the budget, through which each try goes. Writes never come
 * here.
 */
export async function retryRead<T>(read: () => Promise<T>, options: RetryOptions): Promise<T> {
  const startedMs = options.elapsedMs();
  for (let tried = 1; ; tried += 1) {
    try {
      return await read();
    } catch (error) {
      const delayMs = delayBefore(error, tried, options);
      if (delayMs === null || options.elapsedMs() - startedMs + delayMs > options.totalMs) throw error;
      if (delayMs > 0) await options.sleep(delayMs);
    }
  }
}
