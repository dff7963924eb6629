import type { AccessLevel } from '../generated/resolvers.ts';
import { LEVEL } from '../grants/levels.ts';

const NAMES: ReadonlyMap<number, AccessLevel> = new Map(
  Object.entries(LEVEL).map(([name, value]) => [value, name as AccessLevel]),
);

/** The role of one of GitLab's numbers; null for a number that is not known here (0, no access, included). */
export function accessLevelOf(value: number): AccessLevel | null {
  return NAMES.get(value) ?? null;
}

/** GitLab's number of a role. */
export function accessLevelValue(name: AccessLevel): number {
  return LEVEL[name];
}
