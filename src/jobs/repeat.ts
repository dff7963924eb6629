import { setTimeout as pause } from 'node:timers/promises';

/** Runs `work` again and again, `pauseMs` after the end of the last run, so that it never overlaps itself. */
export function repeat(deps: { pauseMs: number; work: () => Promise<void>; onError: (error: unknown) => void }): {
  /** No new run; resolves when the one under way has ended. */
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const done = (async () => {
    while (!stopping.signal.aborted) {
      await deps.work().catch(deps.onError);
      await pause(deps.pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
