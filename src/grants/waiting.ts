import type { GrantsDeps } from './deps.ts';
import type { Reconciler } from './reconciler.ts';

/** How long a mutation waits for the read that verifies it. */
export const ANSWER_WITHIN_MS = 5_000;
const POLL_MS = 100;

/**
 * Works on the key now and resolves when `done` says so, or after `waitMs`: then what is stored stays due and is worked on
 * by itself.
 */
export async function workUntil(
  deps: Pick<GrantsDeps, 'sleep' | 'log'>,
  reconciler: Reconciler,
  keyIds: readonly string[],
  done: () => Promise<boolean>,
  waitMs = ANSWER_WITHIN_MS,
): Promise<void> {
  const work = Promise.all(
    keyIds.map(async (keyId) => {
      try {
        await reconciler.reconcile(keyId);
      } catch (error) {
        deps.log.error({ err: error, keyId }, 'A key could not be reconciled; the sweep tries again.');
      }
    }),
  );
  const endsAtMs = performance.now() + waitMs;
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  await Promise.race([work, timeUp]);
  clearTimeout(timer);
  while (!(await done()) && performance.now() < endsAtMs) await deps.sleep(POLL_MS);
}
