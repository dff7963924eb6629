/** A clock that moves when it is told to, and calls back what became due on the way. */
export type FakeTime = {
  nowMs(): number;
  now(): Date;
  after(ms: number, wake: () => void): () => void;
  /** Moves on, and lets promises settle at each moment at which something is called back. */
  advance(ms: number): Promise<void>;
};

/** Lets everything run that waits for nothing but a promise. */
export async function settled(): Promise<void> {
  await new Promise(setImmediate);
}

export function fakeTime(startMs: number): FakeTime {
  let nowMs = startMs;
  let waiting: { atMs: number; wake: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    now: () => new Date(nowMs),
    after(ms, wake) {
      const one = { atMs: nowMs + ms, wake };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settled();
      for (;;) {
        const [next] = waiting.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        waiting = waiting.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
        await settled();
      }
      nowMs = endMs;
      await settled();
    },
  };
}
