import type { CallPriority } from '../client.ts';
import type { Gate } from './limiter.ts';
import type { UpstreamClock } from './upstream-clock.ts';

/** GitLab's general throttle as an answer tells it: calls left until it turns on GitLab's clock; `total` null: not told. */
export type ThrottleFacts = { remaining: number; resetAt: Date; total: number | null };

/** The general throttle, and whatever else closes GitLab for all calls. */
export type Throttle = {
  gate(priority: CallPriority): Gate;
  /** `inFlight`: other calls that may not be counted in it yet, of all processes. */
  observe(facts: ThrottleFacts, inFlight: number): void;
  /** A call is sent, and is one less. */
  begin(): void;
  shut(untilMs: number): void;
  shutUntilMs(): number | null;
};

/** What lower ones leave of the throttle's calls for higher ones, and what they leave at least. */
const KEPT: Readonly<Record<CallPriority, number>> = { revoke: 0, grant: 0.05, query: 0.15, extraction: 0.4 };
/** A time told in whole seconds. */
const TURN_MS = 1_000;

export function createThrottle(deps: { upstream: UpstreamClock; nowMs: () => number; random: () => number }): Throttle {
  const { upstream, nowMs } = deps;
  let known: { left: number; remaining: number; resetMs: number; total: number | null } | null = null;
  let shutUntil = -Infinity;

  const keptFor = (priority: CallPriority): number => Math.floor((known?.total ?? 0) * KEPT[priority]);
  const opensMs = (resetMs: number): number => upstream.oursMs(resetMs) + lateMs;
  const lateMs = deps.random() * TURN_MS;

  return {
    gate(priority) {
      if (shutUntil > nowMs()) return { open: false, untilMs: shutUntil };
      if (known === null) return { open: true };
      if (opensMs(known.resetMs) <= nowMs()) {
        known = null;
        return { open: true };
      }
      return known.left > keptFor(priority) ? { open: true } : { open: false, untilMs: opensMs(known.resetMs) };
    },
    observe({ remaining, resetAt, total }, inFlight) {
      const resetMs = resetAt.getTime();
      if (known !== null && resetMs < known.resetMs) return;
      // Answers overtake one another: of one window the fewest is the latest.
      const least = known?.resetMs === resetMs ? Math.min(known.remaining, remaining) : remaining;
      known = { remaining: least, left: least - inFlight, resetMs, total };
    },
    begin() {
      if (known !== null) known.left -= 1;
    },
    shut(untilMs) {
      shutUntil = Math.max(shutUntil, untilMs);
    },
    shutUntilMs() {
      if (shutUntil > nowMs()) return shutUntil;
      return known !== null && known.left <= 0 && opensMs(known.resetMs) > nowMs() ? opensMs(known.resetMs) : null;
    },
  };
}
