import { GitLabError } from './errors.ts';

export type RetryOptions = {
  tries: number;
  /** No new try starts later than this after the first. */
  totalMs: number;
  baseDelayMs: number;
  /** A `Retry-After` up to this is waited for. */
  longestWaitMs: number;
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

/** How long to wait before the next try, null if there is none. */
function delayBefore(error: unknown, tried: number, options: RetryOptions): number | null {
  if (!(error instanceof GitLabError) || !WORTH_IT.has(error.code) || tried >= options.tries) return null;
  const asked = error.details.retryAfterMs;
  if (error.code === 'RATE_LIMITED' && asked === undefined) return null;
  if (asked !== undefined && asked > options.longestWaitMs) return null;
  const backoff = options.baseDelayMs * 2 ** (tried - 1) * (0.5 + options.random());
  return Math.max(asked ?? 0, backoff);
}

/**
 * Repeats an idempotent read after failures that may pass, a bounded number of times within a bounded time, with jittered
 * growing pauses, obeying a short `Retry-After`. A longer one is the caller's to wait for: the error tells it. Writes never
 * come here.
 */
export async function retryRead<T>(read: () => Promise<T>, options: RetryOptions): Promise<T> {
  const startedMs = options.elapsedMs();
  for (let tried = 1; ; tried += 1) {
    try {
      return await read();
    } catch (error) {
      const delayMs = delayBefore(error, tried, options);
      if (delayMs === null || options.elapsedMs() - startedMs + delayMs > options.totalMs) throw error;
      await options.sleep(delayMs);
    }
  }
}
