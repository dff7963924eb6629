import { createBudget } from '../../../src/gitlab/budget.ts';
import type { Budget, BudgetOptions } from '../../../src/gitlab/budget.ts';
import { limitOf } from '../../../src/gitlab/budget/limits.ts';
import type { LimitedCall } from '../../../src/gitlab/budget/limits.ts';
import type { CallPriority, GitLabError } from '../../../src/gitlab/index.ts';
import type { HttpResponse } from '../../../src/gitlab/transport.ts';
import { fakeTime } from './fake-time.ts';
import type { FakeTime } from './fake-time.ts';

/** A minute of unix time begins then. */
export const MINUTE_START_MS = 1_700_000_040_000;

export const GRAPHQL: LimitedCall = { method: 'POST', path: '/api/graphql' };
export const PROJECT: LimitedCall = { method: 'GET', path: '/api/v4/projects/7' };
export const removal = (sourceId: number): LimitedCall => ({
  method: 'DELETE',
  path: `/api/v4/groups/${String(sourceId)}/members/3`,
});

export function answer(status: number, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: '', date: null };
}

export const refusedRoute = (seconds: number): HttpResponse =>
  answer(429, { 'content-type': 'application/json', 'retry-after': String(seconds) });
export const refusedAll = (seconds: number): HttpResponse =>
  answer(429, { 'content-type': 'text/plain', 'retry-after': String(seconds) });

export type Started = {
  priority: CallPriority;
  call: LimitedCall;
  atMs: number;
  end: (response: HttpResponse) => void;
};

export type BudgetRig = {
  time: FakeTime;
  budget: Budget;
  /** Calls that are with GitLab, in the order in which they were sent. */
  open: Started[];
  /** All that were sent. */
  sent: Started[];
  /** Asks for a call; what became of it shows in `ended`. */
  ask(priority: CallPriority, call?: LimitedCall, waitMs?: number): Promise<HttpResponse | GitLabError>;
};

/** A budget on a clock of its own, whose calls stay open until the test answers them (or `reply` does at once). */
export function budgetRig(
  options: Partial<BudgetOptions> & { startMs?: number; reply?: (call: LimitedCall) => HttpResponse | null } = {},
): BudgetRig {
  const { startMs = MINUTE_START_MS, reply = () => null, ...rest } = options;
  const time = fakeTime(startMs);
  const open: Started[] = [];
  const sent: Started[] = [];
  const budget = createBudget({
    connectionId: null,
    slots: { start: 8, floor: 2, ceiling: 32 },
    shared: null,
    now: time.now,
    after: time.after,
    random: () => 0,
    onError: (error) => {
      throw error;
    },
    ...rest,
  });
  return {
    time,
    budget,
    open,
    sent,
    async ask(priority, call = GRAPHQL, waitMs = 25_000) {
      const asked = budget.run({ priority, limit: limitOf(call), untilMs: time.nowMs() + waitMs }, async () => {
        const said = reply(call);
        return new Promise<HttpResponse>((resolve) => {
          const started: Started = {
            priority,
            call,
            atMs: time.nowMs(),
            end(response) {
              open.splice(open.indexOf(started), 1);
              resolve(response);
            },
          };
          sent.push(started);
          if (said === null) open.push(started);
          else resolve(said);
        });
      });
      return asked.catch((error: unknown) => error as GitLabError);
    },
  };
}
