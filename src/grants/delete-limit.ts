import type { GitLabError } from '../gitlab/errors.ts';

type Source = { kind: string; id: string };

/**
 * GitLab counts removals by source: sixty a minute (docs/gitlab.md §rate limits). Once it says no, every key of that source waits for
 * it together, and those of other sources go on. Kept in memory: another process learns it by its own first removal.
 */
export type DeleteLimit = {
  /** How long removals there have to wait; null: not at all. */
  waitMs(connectionId: string, source: Source, now: Date): number | null;
  note(connectionId: string, source: Source, now: Date, error: GitLabError): void;
};

export function createDeleteLimit(): DeleteLimit {
  const untilMs = new Map<string, number>();
  const name = (connectionId: string, { kind, id }: Source): string => `${connectionId}:${kind}:${id}`;
  return {
    waitMs(connectionId, source, now) {
      const key = name(connectionId, source);
      const leftMs = (untilMs.get(key) ?? 0) - now.getTime();
      if (leftMs > 0) return leftMs;
      untilMs.delete(key);
      return null;
    },
    note(connectionId, source, now, error) {
      const { retryAfterMs } = error.details;
      if (error.code !== 'RATE_LIMITED' || retryAfterMs === undefined) return;
      untilMs.set(name(connectionId, source), now.getTime() + retryAfterMs);
    },
  };
}
