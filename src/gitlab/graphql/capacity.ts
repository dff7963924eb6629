import type { PackLimits } from '../packing/pack.ts';

/** What one request turned out to bear, beyond what GitLab tells of its limit. */
export type Capacity = {
  /** The limit that GitLab named when it refused, where that is lower than what it tells otherwise. */
  limit: number;
  /** Points that GitLab counts for one of ours, where it counts more. */
  pointsPerPoint: number;
  /** Rows below rows, before time runs out. */
  rows: number;
  parts: number;
  /** When the last of it was learned; null: nothing was. */
  learnedAtMs: number | null;
};

/** Points kept free in each query: what the first part needs, and room for a difference in counting. */
export const SPARE_POINTS = 10;
const MAX_TEXT_LENGTH = 9_500;
const MAX_ROWS = 4_000;
const MAX_PARTS = 120;
/** A GitLab that was busy for a while is given its full share again after this time. */
const KEPT_MS = 600_000;

export function nothingLearned(): Capacity {
  return { limit: Infinity, pointsPerPoint: 1, rows: MAX_ROWS, parts: MAX_PARTS, learnedAtMs: null };
}

/** What a request may hold where one may cost `limit` points. */
export function limitsFor(limit: number, capacity: Capacity = nothingLearned()): PackLimits {
  return {
    points: Math.max(1, Math.floor((Math.min(limit, capacity.limit) - SPARE_POINTS) / capacity.pointsPerPoint)),
    textLength: MAX_TEXT_LENGTH,
    rows: capacity.rows,
    parts: capacity.parts,
  };
}

/** The capacity as it counts now: what was learned long ago is forgotten. */
export function remembered(capacity: Capacity, nowMs: number): Capacity {
  const { learnedAtMs } = capacity;
  return learnedAtMs !== null && nowMs - learnedAtMs >= KEPT_MS ? nothingLearned() : capacity;
}

/** GitLab refused what it counted as `theirs` points, `ours` by our count, naming its limit. */
export function afterRefusal(
  capacity: Capacity,
  nowMs: number,
  said: { ours: number; theirs: number; limit: number },
): Capacity {
  const pointsPerPoint = Math.max(capacity.pointsPerPoint, said.theirs / Math.max(1, said.ours));
  return { ...capacity, pointsPerPoint, limit: said.limit, learnedAtMs: nowMs };
}

/** No more than this passed. */
export function atMost(capacity: Capacity, nowMs: number, most: { rows?: number; parts?: number }): Capacity {
  const rows = most.rows === undefined || most.rows === 0 ? capacity.rows : Math.min(capacity.rows, most.rows);
  const parts = Math.max(1, Math.min(capacity.parts, most.parts ?? capacity.parts));
  return rows === capacity.rows && parts === capacity.parts
    ? capacity
    : { ...capacity, rows, parts, learnedAtMs: nowMs };
}
