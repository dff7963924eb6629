/** A window of one limit, by its start on GitLab's clock. */
export type SharedWindow = { connectionId: string; name: string; windowAt: Date };

/**
 * Where gateway processes that share one database agree on what they take of GitLab's limits. All times are of GitLab's clock,
 * which is the same for all of them. Whoever implements it may fail: then each process counts for itself until it answers again.
 */
export type SharedLimits = {
  /**
   * Takes up to `wanted` calls of the window, of which `most` may be taken in all, and tells how many of those taken before GitLab
   * has let `passed` since it was last told. Answers how many it got, and what all have taken and seen passed.
   */
  take(
    window: SharedWindow,
    ask: { wanted: number; most: number; passed: number },
  ): Promise<{ granted: number; taken: number; passed: number }>;
  /** Calls that were taken and not made. Those of a process that died come back with the next window. */
  giveBack(window: SharedWindow, calls: number): Promise<void>;
  /** Tells the others that GitLab refuses calls of this name until then. */
  shut(connectionId: string, name: string, until: Date): Promise<void>;
  /** Says that this process works on the connection; answers how many do, and what is shut. */
  meet(connectionId: string): Promise<{ processes: number; shut: { name: string; until: Date }[] }>;
};
