/** The run is no longer ours: it was cancelled, taken over, or this process is ending. Nothing more may be written for it. */
export class RunLost extends Error {
  constructor() {
    super('The run belongs to somebody else now.');
    this.name = 'RunLost';
  }
}

/** What ends a reading from outside. */
export type Ending = {
  readonly ended: boolean;
  end(): void;
  /**
   * Resolves with what the work brings. Throws `RunLost` as soon as the reading is ended, so that nobody waits for an answer of
   * GitLab that may be long in coming; what it brings then is for nobody.
   */
  orLost<T>(work: () => Promise<T>): Promise<T>;
};

export function createEnding(): Ending {
  const waiting = new Set<() => void>();
  let ended = false;
  return {
    get ended() {
      return ended;
    },
    end() {
      ended = true;
      for (const lose of waiting) lose();
    },
    async orLost<T>(work: () => Promise<T>): Promise<T> {
      if (ended) throw new RunLost();
      const lost = Promise.withResolvers<never>();
      const lose = (): void => {
        lost.reject(new RunLost());
      };
      waiting.add(lose);
      try {
        return await Promise.race([work(), lost.promise]);
      } finally {
        waiting.delete(lose);
      }
    },
  };
}
