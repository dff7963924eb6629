import { performance } from 'node:perf_hooks';

/** How old the answers of GitLab are that one request used again. */
export type Reuse = {
  /** One was used that is so old. */
  saw(ageMs: number): void;
  /** The age of the oldest by now, in whole milliseconds; 0 if none was used. */
  oldestAgeMs(): number;
};

export function createReuse(): Reuse {
  let readAtMs: number | null = null;
  return {
    saw(ageMs) {
      readAtMs = Math.min(readAtMs ?? Infinity, performance.now() - ageMs);
    },
    oldestAgeMs: () => (readAtMs === null ? 0 : Math.round(performance.now() - readAtMs)),
  };
}
