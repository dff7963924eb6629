/** One holder at a time, first come first served. */
export type Mutex = {
  /** Resolves with the release once everybody before has released; calling it twice does nothing more. */
  acquire(): Promise<() => void>;
};

export function createMutex(): Mutex {
  let tail: Promise<void> = Promise.resolve();
  return {
    async acquire() {
      const turn = Promise.withResolvers<undefined>();
      const before = tail;
      tail = before.then(() => turn.promise);
      await before;
      return () => {
        turn.resolve(undefined);
      };
    },
  };
}
