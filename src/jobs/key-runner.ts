/** Runs at most `concurrency` keys at once in this process, and never one key twice at once. */
export type KeyRunner = {
  /**
   * Resolves once the look has begun, or will be made by one that is yet to begin. A key that is being looked at is looked at
   * again after: what asked for it may have happened after that look read.
   */
  take(keyId: string): Promise<void>;
  /** Resolves when nothing runs and nothing waits. */
  drained(): Promise<void>;
};

export function createKeyRunner(deps: {
  concurrency: number;
  run: (keyId: string) => Promise<void>;
  onError: (keyId: string, error: unknown) => void;
}): KeyRunner {
  /** Keys that wait to begin, in order, and who waits for that. */
  const waiting = new Map<string, PromiseWithResolvers<undefined>>();
  const running = new Set<string>();
  let idle = Promise.withResolvers<undefined>();
  idle.resolve(undefined);

  function begin(): void {
    for (const [keyId, begun] of waiting) {
      if (running.size >= deps.concurrency) return;
      if (running.has(keyId)) continue;
      waiting.delete(keyId);
      running.add(keyId);
      begun.resolve(undefined);
      void look(keyId);
    }
    if (running.size === 0) idle.resolve(undefined);
  }

  async function look(keyId: string): Promise<void> {
    try {
      await deps.run(keyId);
    } catch (error) {
      deps.onError(keyId, error);
    }
    running.delete(keyId);
    begin();
  }

  return {
    async take(keyId) {
      if (running.size === 0 && waiting.size === 0) idle = Promise.withResolvers<undefined>();
      const before = waiting.get(keyId);
      const begun = before ?? Promise.withResolvers<undefined>();
      if (before === undefined) {
        waiting.set(keyId, begun);
        begin();
      }
      // A second look at a running key must not hold the queue's batch up until the first is done.
      if (!running.has(keyId)) await begun.promise;
    },
    async drained() {
      await idle.promise;
    },
  };
}
