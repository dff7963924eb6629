import { GitLabError } from './errors.ts';
import type { CallPriority } from './client.ts';
import type { RateLimitFacts } from './http-facts.ts';

export type BudgetOptions = {
  slots: number;
  /** Slots that only revokes may take. */
  reservedForRevoke: number;
  /** A throttle that opens again within this time is waited for; a longer one is an error. */
  longestWaitMs: number;
  sleep: (ms: number) => Promise<void>;
  now: () => Date;
};

/** What may be in flight to one GitLab at once, and who goes first. */
export type Budget = {
  run<T>(priority: CallPriority, call: () => Promise<T>): Promise<T>;
  /** Takes in what an answer told of GitLab's throttle, `clockSkewMs` being GitLab's clock less ours. */
  observe(rateLimit: RateLimitFacts, clockSkewMs: number): void;
};

const ORDER: readonly CallPriority[] = ['revoke', 'grant', 'query', 'extraction'];

type Waiting = Record<CallPriority, (() => void)[]>;

/**
 * At most `slots` calls at once; among those waiting revokes go before grants and grants before queries, and a few slots are
 * kept for revokes. Once GitLab's throttle is used up (`RateLimit-Remaining: 0`) calls wait for its reset, or reject with
 * RATE_LIMITED where that is far off (docs/gitlab.md §rate limits).
 */
export function createBudget(options: BudgetOptions): Budget {
  const waiting: Waiting = { revoke: [], grant: [], query: [], extraction: [] };
  let busy = 0;
  let closedUntil = 0;

  const free = (priority: CallPriority): boolean =>
    busy < (priority === 'revoke' ? options.slots : options.slots - options.reservedForRevoke);

  const wake = (): void => {
    for (const priority of ORDER) {
      while (free(priority)) {
        const next = waiting[priority].shift();
        if (next === undefined) break;
        busy += 1;
        next();
      }
    }
  };

  const take = async (priority: CallPriority): Promise<void> => {
    await new Promise<void>((resolve) => {
      waiting[priority].push(resolve);
      wake();
    });
  };

  const throttle = async (): Promise<void> => {
    const waitMs = closedUntil - options.now().getTime();
    if (waitMs <= 0) return;
    if (waitMs > options.longestWaitMs) {
      throw new GitLabError('RATE_LIMITED', "GitLab's rate limit for this token is used up.", { retryAfterMs: waitMs });
    }
    await options.sleep(waitMs);
  };

  return {
    run: async (priority, call) => {
      await take(priority);
      try {
        await throttle();
        return await call();
      } finally {
        busy -= 1;
        wake();
      }
    },
    observe: ({ remaining, resetAt }, clockSkewMs) => {
      closedUntil = remaining === 0 ? resetAt.getTime() - clockSkewMs : 0;
    },
  };
}
