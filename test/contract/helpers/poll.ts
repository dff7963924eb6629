const WITHIN_MS = 120_000;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Asks again until `isDone` holds, and answers with what was seen last, at the latest after two minutes: for what GitLab
 * does in background jobs. The caller asserts on the answer, so a bound that ran out shows as a plain difference.
 */
export async function eventually<T>(ask: () => Promise<T>, isDone: (seen: T) => boolean): Promise<T> {
  const until = Date.now() + WITHIN_MS;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const seen = await ask();
    if (isDone(seen) || Date.now() > until) return seen;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }
}
