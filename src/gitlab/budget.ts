import { createAdmission } from './budget/admission.ts';
import type { After, Ask } from './budget/admission.ts';
import { throttleOf, verdictOf } from './budget/answer.ts';
import type { Verdict } from './budget/answer.ts';
import { createConcurrency } from './budget/concurrency.ts';
import { createLimiter } from './budget/limiter.ts';
import type { Gate, LimitedOutcome } from './budget/limiter.ts';
import type { CallLimit } from './budget/limits.ts';
import { createMeetings } from './budget/meetings.ts';
import type { SharedLimits } from './budget/shared-limits.ts';
import { totalOf } from './budget/slots.ts';
import { createThrottle } from './budget/throttle.ts';
import { createUpstreamClock } from './budget/upstream-clock.ts';
import type { CallPriority } from './client.ts';
import { GitLabError } from './errors.ts';
import type { HttpResponse } from './transport.ts';

export type BudgetOptions = {
  /** Our row id of the connection; null for one that is not saved, which shares with nobody. */
  connectionId: string | null;
  /** Calls that may be in flight: at the start, at least, and at most in all processes together. */
  slots: { start: number; floor: number; ceiling: number };
  shared: SharedLimits | null;
  now: () => Date;
  after: After;
  /** A number in [0, 1). */
  random: () => number;
  onError: (error: unknown) => void;
};

/** How a budget stands, for operators. `shut`: what GitLab refuses for now, by the kind of limit, `all` being everything. */
export type BudgetStanding = {
  connectionId: string | null;
  inFlight: number;
  limit: number;
  waiting: Readonly<Record<CallPriority, number>>;
  shut: { kind: string; forMs: number }[];
};

/** What may be asked of one GitLab, and who goes first. */
export type Budget = {
  /**
   * Makes the call when its turn has come. Rejects with RATE_LIMITED, without a status since nothing was sent, once it is clear
   * that it will not be in time; `retryAfterMs` then tells when to come again.
   */
  run(ask: Ask, call: () => Promise<HttpResponse>): Promise<HttpResponse>;
  /** How long calls of this limit have to wait by what is known; null: not at all. */
  waitMs(limit: CallLimit, priority: CallPriority): number | null;
  standing(): BudgetStanding;
  /** Refuses all that waits and all that comes. Resolves once what was taken and not used is given back to other processes. */
  close(): Promise<void>;
};

/** A call under way. */
type Sent = { atMs: number; kind: string; ended: (outcome: LimitedOutcome) => void };

/** The name under which everything is shut. */
const ALL = 'all';
const SPREAD_MS = 500;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Two processes tell the same moment so far apart at most. */
const SAME_MS = 100;
const LOST: ReadonlySet<string> = new Set(['TIMEOUT', 'CONNECTION_LOST', 'UNREACHABLE']);

/** One of each for the whole connection; what each decides is told in its file below `budget/`. */
export function createBudget(options: BudgetOptions): Budget {
  const { connectionId, shared, after, random } = options;
  const nowMs = (): number => options.now().getTime();
  const upstream = createUpstreamClock(nowMs);
  const throttle = createThrottle({ upstream, nowMs, random });
  const concurrency = createConcurrency({ ...options.slots, nowMs });
  const gate = (limit: CallLimit, priority: CallPriority): Gate => {
    if (!meetings.heard()) return { open: false, untilMs: null };
    const all = throttle.gate(priority);
    return all.open ? limiter.gate(limit, priority) : all;
  };
  const begin = ({ priority, limit }: Ask): Sent => {
    throttle.begin();
    return {
      atMs: nowMs(),
      kind: limit.kind,
      ended: limiter.begin(limit, priority),
    };
  };
  const admission = createAdmission({ gate, slots: () => concurrency.limit(), begin, nowMs, after });
  const limiter = createLimiter({
    ...options,
    upstream,
    nowMs,
    onOpen: () => {
      admission.pump();
    },
  });
  const meetings = createMeetings({
    ...options,
    nowMs,
    onMet(met) {
      concurrency.setCeiling(Math.ceil(options.slots.ceiling / met.processes));
      for (const { name, until } of met.shut) {
        const untilMs = upstream.oursMs(until.getTime());
        if (name === ALL) shutAll(untilMs);
        else limiter.shut(name, untilMs);
      }
      admission.refuseHopeless();
      admission.pump();
    },
    onUnheard: () => {
      admission.pump();
    },
  });
  let shutAtMs = -Infinity;
  let shutInRow = 0;

  /** Everything is shut from now on. False: that was known. */
  function shutAll(untilMs: number): boolean {
    if (untilMs <= Math.max(nowMs(), (throttle.shutUntilMs() ?? 0) + SAME_MS)) return false;
    shutAtMs = nowMs();
    throttle.shut(untilMs + random() * SPREAD_MS);
    concurrency.restart();
    return true;
  }

  /** GitLab refuses everything. Calls that were on their way together are refused together, and tell nothing new. */
  function refusedAll(sentAtMs: number, retryAfterMs: number | undefined): void {
    if (sentAtMs <= shutAtMs) return;
    shutInRow += 1;
    const untilMs = nowMs() + (retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (shutInRow - 1)));
    if (!shutAll(untilMs) || shared === null || connectionId === null) return;
    const until = new Date(untilMs + upstream.nowMs() - nowMs());
    shared.shut(connectionId, ALL, until).catch(options.onError);
  }

  function judged(verdict: Verdict, { atMs, kind }: Sent): void {
    if (verdict.kind === 'passed') {
      if (atMs > shutAtMs) shutInRow = 0;
      concurrency.passed({ kind, latencyMs: nowMs() - atMs, full: admission.full() });
    } else if (verdict.kind === 'overloaded') {
      concurrency.overloaded(atMs);
      if (verdict.retryAfterMs !== undefined) refusedAll(atMs, verdict.retryAfterMs);
    } else if (verdict.closes === 'all') refusedAll(atMs, verdict.retryAfterMs);
  }

  function answered(response: HttpResponse, sent: Sent): Verdict {
    if (response.date !== null) upstream.learn(response.date, sent.atMs, nowMs());
    const facts = throttleOf(response);
    const others = totalOf(admission.inFlight) * meetings.processes() - 1;
    if (facts !== null && response.status !== 429) throttle.observe(facts, others);
    const verdict = verdictOf(response, options.now());
    judged(verdict, sent);
    return verdict;
  }

  async function send(sent: Sent, call: () => Promise<HttpResponse>): Promise<HttpResponse> {
    let outcome: LimitedOutcome = { kind: 'unknown' };
    try {
      const response = await call();
      const verdict = answered(response, sent);
      if (verdict.kind === 'passed') outcome = verdict;
      else if (verdict.kind === 'refused' && verdict.closes === 'route') outcome = verdict;
      return response;
    } catch (error) {
      if (error instanceof GitLabError && LOST.has(error.code)) concurrency.overloaded(sent.atMs);
      throw error;
    } finally {
      sent.ended(outcome);
      if (outcome.kind !== 'passed') admission.refuseHopeless();
    }
  }

  return {
    async run(ask, call) {
      meetings.used();
      const sent = await admission.enter(ask);
      try {
        return await send(sent, call);
      } finally {
        admission.leave(ask.priority);
      }
    },
    waitMs: (limit, priority) => admission.waitMs(limit, priority),
    standing() {
      const until = throttle.shutUntilMs();
      const shut = [...(until === null ? [] : [{ kind: ALL, untilMs: until }]), ...limiter.standing()];
      return {
        connectionId,
        inFlight: totalOf(admission.inFlight),
        limit: concurrency.limit(),
        waiting: admission.waiting(),
        shut: shut.map(({ kind, untilMs }) => ({ kind, forMs: untilMs - nowMs() })),
      };
    },
    async close() {
      meetings.close();
      admission.close();
      await limiter.close();
    },
  };
}
