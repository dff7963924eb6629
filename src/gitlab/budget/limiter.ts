import type { CallPriority } from '../client.ts';
import type { CallLimit } from './limits.ts';
import type { SharedLimits, SharedWindow } from './shared-limits.ts';
import type { UpstreamClock } from './upstream-clock.ts';
import { mostFor, newKind, newWindow, opensAt, passed, refused, roll } from './window.ts';
import type { Kind, Most, Window } from './window.ts';

/** `untilMs` on our clock, null: until something that is under way has ended, which `onOpen` tells. */
export type Gate = { open: true } | { open: false; untilMs: number | null };

/** What one call of a limit came to; `retryAfterMs` is what a refusal asked for. */
export type LimitedOutcome =
  { kind: 'passed' } | { kind: 'refused'; retryAfterMs: number | undefined } | { kind: 'unknown' };

/** GitLab's limits of single routes: what may be sent now, and when the rest may. */
export type Limiter = {
  /** Whether a call may be sent now. Where calls are shared with other processes, it also asks for some. */
  gate(limit: CallLimit, priority: CallPriority): Gate;
  /** A call that passed the gate is sent; tells how it ended by the answered function, which is called once. */
  begin(limit: CallLimit, priority: CallPriority): (outcome: LimitedOutcome) => void;
  /** Another process was refused. */
  shut(name: string, untilMs: number): void;
  /** What is shut now: the kind of limit, and until when on our clock. */
  standing(): { kind: string; untilMs: number }[];
  /** Gives back what was taken and is not used. */
  close(): Promise<void>;
};

export type LimiterOptions = {
  connectionId: string | null;
  shared: SharedLimits | null;
  upstream: UpstreamClock;
  nowMs: () => number;
  /** Calls back after so long; answers how to call it off. */
  after: (ms: number, wake: () => void) => () => void;
  /** A number in [0, 1). */
  random: () => number;
  /** A gate may have opened. */
  onOpen: () => void;
  onError: (error: unknown) => void;
};

/** Windows turn by a clock that is known to a fraction of a second; so long after the turn it is over for certain. */
const GUARD_MS = 250;
const SPREAD_MS = 500;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const LARGEST_BATCH = 20;
/** Of a window, so much at most is held by one process that does not use it yet. */
const BATCH_SHARE = 0.1;
const IDLE_MS = 1_000;
const SOON_MS = 200;
const CROWDED = 200;
/** Two processes tell the same moment so far apart at most. */
const SAME_MS = 100;

export function createLimiter(options: LimiterOptions): Limiter {
  const { upstream, nowMs, onOpen } = options;
  const kinds = new Map<string, Kind>();
  const windows = new Map<string, Window>();
  const asking = new Set<Window>();
  const idle = new Map<Window, () => void>();
  const foreignShut = new Map<string, number>();
  const spread = (): number => options.random() * SPREAD_MS;
  const shared =
    options.shared === null || options.connectionId === null
      ? null
      : { limits: options.shared, connectionId: options.connectionId };
  let failedUntilMs = -Infinity;

  const forget = (): void => {
    for (const [name, window] of windows) {
      const over = window.startMs + window.limit.intervalMs < upstream.nowMs();
      if (over && window.inFlight === 0 && window.shutUntilMs <= nowMs() && !asking.has(window)) windows.delete(name);
    }
  };

  const windowOf = (limit: CallLimit): Window => {
    let window = windows.get(limit.name);
    if (window === undefined) {
      if (windows.size >= CROWDED) forget();
      const kind = kinds.get(limit.kind) ?? newKind(limit);
      kinds.set(limit.kind, kind);
      window = newWindow(limit, kind, GUARD_MS + spread());
      window.shutUntilMs = foreignShut.get(limit.name) ?? -Infinity;
      foreignShut.delete(limit.name);
      windows.set(limit.name, window);
    }
    roll(window, upstream);
    return window;
  };

  const sharedWindow = (window: Window, connectionId: string): SharedWindow => ({
    connectionId,
    name: window.limit.name,
    windowAt: new Date(window.startMs),
  });

  const failed = (error: unknown): void => {
    failedUntilMs = nowMs() + LONGEST_WAIT_MS;
    options.onError(error);
  };

  /** Takes in what was given; nothing given means that there is nothing left for whoever may take no more than `most`. */
  const given = (window: Window, ask: Most, got: { granted: number; taken: number }): void => {
    window.taken = Math.max(window.taken, got.taken);
    window.tokens += got.granted;
    if (got.granted === 0) window.emptyUpTo = Math.max(window.emptyUpTo, ask.most);
    else if (ask.tries) window.trying = true;
  };

  const takeAlone = (window: Window, ask: Most): void => {
    const granted = window.taken < ask.most ? 1 : 0;
    given(window, ask, { granted, taken: window.taken + granted });
  };

  const takeShared = async (
    window: Window,
    ask: Most,
    { limits, connectionId }: { limits: SharedLimits; connectionId: string },
  ): Promise<void> => {
    asking.add(window);
    const { startMs } = window;
    const batch = Math.min(LARGEST_BATCH, Math.max(1, Math.floor(ask.most * BATCH_SHARE)));
    try {
      const { told, passed } = window;
      const report = { wanted: ask.tries ? 1 : batch, most: ask.most, passed: passed - told };
      window.told = passed;
      const got = await limits.take(sharedWindow(window, connectionId), report);
      if (window.startMs === startMs && window.shutUntilMs <= nowMs()) {
        window.passedElsewhere = Math.max(0, got.passed - passed);
        given(window, ask, got);
      }
    } catch (error) {
      failed(error);
    } finally {
      asking.delete(window);
      onOpen();
    }
  };

  /** What was taken is under way, here or elsewhere: a call over the limit would not tell that there is more. */
  const askAgain = (window: Window): Gate => {
    if (nowMs() >= window.askAgainAtMs) {
      window.askAgainAtMs = nowMs() + SOON_MS;
      const { allowed } = window.kind;
      if (shared !== null && allowed !== null) void takeShared(window, { most: allowed, tries: false }, shared);
    }
    return { open: false, untilMs: window.askAgainAtMs };
  };

  const giveBack = async (window: Window): Promise<void> => {
    const { tokens } = window;
    window.tokens = 0;
    window.trying = false;
    if (shared === null || tokens === 0) return;
    await shared.limits.giveBack(sharedWindow(window, shared.connectionId), tokens).catch(failed);
  };

  /** What is not used soon goes back to the others. */
  const giveBackWhenIdle = (window: Window): void => {
    if (shared === null || window.tokens === 0 || idle.has(window)) return;
    const { startMs, tokens: before } = window;
    const cancel = options.after(IDLE_MS, () => {
      idle.delete(window);
      if (window.startMs !== startMs || window.tokens === 0) return;
      if (window.tokens !== before) {
        giveBackWhenIdle(window);
        return;
      }
      void giveBack(window);
    });
    idle.set(window, cancel);
  };

  const shutWindow = (window: Window, retryAfterMs: number | undefined): void => {
    const backoffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (window.shutInRow - 1));
    const told = nowMs() + (retryAfterMs ?? backoffMs);
    // The whole interval is always told, though the window is fixed to the clock. Refused again at once, it is believed.
    const turns = retryAfterMs === window.limit.intervalMs && window.shutInRow === 1;
    const untilMs = turns ? Math.min(told, opensAt(window, upstream)) : told + spread();
    window.shutUntilMs = Math.max(window.shutUntilMs, untilMs);
    if (shared === null) return;
    const until = new Date(window.shutUntilMs + upstream.nowMs() - nowMs());
    shared.limits.shut(shared.connectionId, window.limit.name, until).catch(failed);
  };

  return {
    gate(limit, priority) {
      const window = windowOf(limit);
      if (window.shutUntilMs > nowMs()) return { open: false, untilMs: window.shutUntilMs };
      if (window.inFlight >= window.ramp) return { open: false, untilMs: null };
      if (window.kind.allowed === null || window.tokens > 0) return { open: true };
      if (window.trying || asking.has(window)) return { open: false, untilMs: null };
      for (;;) {
        const ask = mostFor(window, priority, nowMs());
        if (ask === 'used up') return { open: false, untilMs: opensAt(window, upstream) };
        if (ask === 'soon') return askAgain(window);
        if (shared !== null && nowMs() >= failedUntilMs) {
          void takeShared(window, ask, shared);
          return { open: false, untilMs: null };
        }
        if (window.taken < ask.most) return { open: true };
        window.emptyUpTo = Math.max(window.emptyUpTo, ask.most);
      }
    },

    begin(limit, priority) {
      const window = windowOf(limit);
      if (window.tokens === 0 && window.kind.allowed !== null) {
        const ask = mostFor(window, priority, nowMs());
        if (typeof ask !== 'string') takeAlone(window, ask);
      }
      window.tokens = Math.max(0, window.tokens - 1);
      const { startMs, episode, trying: tried } = window;
      window.inFlight += 1;
      giveBackWhenIdle(window);
      return (outcome) => {
        window.inFlight -= 1;
        roll(window, upstream);
        const sameWindow = window.startMs === startMs;
        const ended = { sameWindow, sameEpisode: window.episode === episode, tried: tried && sameWindow };
        if (ended.tried) window.trying = false;
        if (outcome.kind === 'passed') passed(window, ended);
        if (outcome.kind !== 'refused') return;
        const { retryAfterMs } = outcome;
        if (refused(window, ended, { retryAfterMs, nowMs: nowMs() })) shutWindow(window, retryAfterMs);
      };
    },

    shut(name, untilMs) {
      const window = windows.get(name);
      if (window === undefined) foreignShut.set(name, untilMs);
      else if (untilMs > window.shutUntilMs + SAME_MS) {
        window.shutUntilMs = untilMs + spread();
        window.episode += 1;
        window.ramp = 1;
        window.tokens = 0;
      }
    },

    standing: () =>
      [...windows.values()]
        .filter(({ shutUntilMs }) => shutUntilMs > nowMs())
        .map(({ limit, shutUntilMs }) => ({ kind: limit.kind, untilMs: shutUntilMs })),

    async close() {
      for (const cancel of idle.values()) cancel();
      idle.clear();
      await Promise.all([...windows.values()].map(giveBack));
    },
  };
}
