/** How a call ended, for the number that may be in flight. `full`: there was more to send than was allowed. */
export type Passed = { kind: string; latencyMs: number; full: boolean };

/** How many calls GitLab gets at once: more while it keeps up, half when it does not. */
export type Concurrency = {
  limit(): number;
  passed(call: Passed): void;
  /** GitLab, or the way to it, could not take a call that was sent at `sentAtMs`. Told of a burst, it halves once. */
  overloaded(sentAtMs: number): void;
  /** Begins again from the least, since GitLab had closed. */
  restart(): void;
  /** The most that this process may reach from now on. */
  setCeiling(most: number): void;
};

export type ConcurrencyOptions = { start: number; floor: number; ceiling: number; nowMs: () => number };

/** Answers twice as slow as they can be, and 20 ms, are still taken as keeping up; four times as slow and 100 ms are not. */
const FLAT = { times: 2, ms: 20 };
const STEEP = { times: 4, ms: 100 };
const EASE = 0.9;
const EASE_EVERY_MS = 1_000;
/** The best answer is forgotten slowly, so that a GitLab that became slower for good is not held to its past. */
const FORGET = 0.002;
const SMOOTH = 0.1;

type Latency = { bestMs: number; lastMs: number };

function learn(known: Latency | undefined, latencyMs: number): Latency {
  if (known === undefined) return { bestMs: latencyMs, lastMs: latencyMs };
  const bestMs = latencyMs < known.bestMs ? latencyMs : known.bestMs + (latencyMs - known.bestMs) * FORGET;
  return { bestMs, lastMs: known.lastMs + (latencyMs - known.lastMs) * SMOOTH };
}

/** Additive increase and multiplicative decrease, with a quick start up to half of what was too much last time. */
export function createConcurrency({ start, floor, ceiling, nowMs }: ConcurrencyOptions): Concurrency {
  const latencies = new Map<string, Latency>();
  let limit = start;
  let most = ceiling;
  let quickUpTo = start;
  let halvedAtMs = -Infinity;
  let easedAtMs = -Infinity;

  const set = (next: number): void => {
    limit = Math.min(most, Math.max(floor, next));
  };

  return {
    limit: () => Math.floor(limit),
    passed({ kind, latencyMs, full }) {
      const { bestMs, lastMs } = learn(latencies.get(kind), latencyMs);
      latencies.set(kind, { bestMs, lastMs });
      const flat = lastMs <= bestMs * FLAT.times + FLAT.ms;
      if (full && (flat || limit < start)) {
        // So few suit any GitLab, however slow it is.
        set(limit + (limit < quickUpTo ? 1 : 1 / limit));
      } else if (lastMs > bestMs * STEEP.times + STEEP.ms && nowMs() - easedAtMs >= EASE_EVERY_MS) {
        easedAtMs = nowMs();
        // Slow answers may be large ones: they take back what was added, and no more.
        set(Math.max(Math.min(limit, start), limit * EASE));
      }
    },
    overloaded(sentAtMs) {
      if (sentAtMs < halvedAtMs) return;
      halvedAtMs = nowMs();
      set(limit / 2);
      quickUpTo = limit;
    },
    restart() {
      halvedAtMs = nowMs();
      quickUpTo = Math.max(floor, Math.max(limit / 2, quickUpTo / 2));
      set(floor);
    },
    setCeiling(next) {
      most = Math.max(floor, next);
      set(limit);
    },
  };
}
