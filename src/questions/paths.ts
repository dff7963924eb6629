import type { MemberFact, ShareFact } from '../store/question-facts.ts';

/** One way by which a person reaches a group or project: a row, and the shares that it came through, the nearest to the place first. */
export type Path = {
  kind: 'DIRECT' | 'INHERITED' | 'SHARED';
  /** The lowest of the row's level and those of the shares. */
  level: number;
  /** The earliest of their days; null: none of them ends. */
  expiresAt: string | null;
  row: MemberFact;
  shares: readonly ShareFact[];
};

/** A path through a row and shares (docs/gitlab.md §shares). */
export function pathOf(kind: Path['kind'], row: MemberFact, shares: readonly ShareFact[]): Path {
  return {
    kind,
    level: Math.min(row.accessLevel, ...shares.map(({ maxLevel }) => maxLevel)),
    expiresAt: earliest([row.expiresAt, ...shares.map(({ expiresAt }) => expiresAt)]),
    row,
    shares,
  };
}

/** The highest level of the paths, 0 for none, and the day on which the last path to it ends; null: one never does. */
export function effective(paths: readonly Path[]): { level: number; expiresAt: string | null } {
  const level = Math.max(0, ...paths.map((path) => path.level));
  const days = paths.filter((path) => path.level === level).map(({ expiresAt }) => expiresAt);
  const ends = days.filter((day) => day !== null);
  return { level, expiresAt: ends.length < days.length ? null : (ends.toSorted().at(-1) ?? null) };
}

/** The highest first, then the nearest: direct, inherited, shared. */
export function inOrder(paths: readonly Path[]): Path[] {
  const rank = { DIRECT: 0, INHERITED: 1, SHARED: 2 } as const;
  return paths.toSorted((a, b) => b.level - a.level || rank[a.kind] - rank[b.kind]);
}

function earliest(days: readonly (string | null)[]): string | null {
  return days.reduce((first, day) => (first === null || (day !== null && day < first) ? day : first), null);
}
