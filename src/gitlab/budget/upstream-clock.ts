/** GitLab's clock as its answers show it: its windows turn by that one. Times are milliseconds of unix time. */
export type UpstreamClock = {
  nowMs(): number;
  /** Takes in the `Date` of an answer and when, on our clock, its call was sent and it came. */
  learn(date: Date, sentAtMs: number, cameAtMs: number): void;
  /** A time of GitLab's clock on ours. */
  oursMs(upstreamMs: number): number;
};

/** `Date` tells whole seconds, cut off. */
const RESOLUTION_MS = 1_000;

/**
 * Every answer bounds how far GitLab's clock is ahead from below and from above; the best lower bound so far is used, which comes
 * within an answer's way of the truth after a few. Where a new answer contradicts the bounds, a clock was set and they begin anew.
 */
export function createUpstreamClock(nowMs: () => number): UpstreamClock {
  let least: number | null = null;
  let most = Infinity;
  const ahead = (): number => least ?? 0;
  return {
    nowMs: () => nowMs() + ahead(),
    oursMs: (upstreamMs) => upstreamMs - ahead(),
    learn(date, sentAtMs, cameAtMs) {
      const [low, high] = [date.getTime() - cameAtMs, date.getTime() + RESOLUTION_MS - sentAtMs];
      if (least === null || low > most || high < least) {
        [least, most] = [low, high];
        return;
      }
      least = Math.max(least, low);
      most = Math.min(most, high);
    },
  };
}
