/** GitLab's roles by number (docs/gitlab.md §roles). */
export const LEVEL = {
  MINIMAL_ACCESS: 5,
  GUEST: 10,
  PLANNER: 15,
  REPORTER: 20,
  SECURITY_MANAGER: 25,
  DEVELOPER: 30,
  MAINTAINER: 40,
  OWNER: 50,
} as const;

/** A level and, where the instance has them, a custom role on top of it. */
export type Role = { accessLevel: number; memberRoleId: string | null };

const known: ReadonlySet<number> = new Set(Object.values(LEVEL));
const besideTheLadder: ReadonlySet<number> = new Set([LEVEL.PLANNER, LEVEL.SECURITY_MANAGER]);

/** A level that we do not know satisfies nothing and is never overwritten (S39). */
export function isKnownLevel(accessLevel: number): boolean {
  return known.has(accessLevel);
}

/** Planner and Security Manager give things that higher levels do not have (S39). */
export function isBesideTheLadder(accessLevel: number): boolean {
  return besideTheLadder.has(accessLevel);
}

/** Whether who has `have` needs nothing more to do what `wanted` gives (S39). */
export function satisfies(have: Role, wanted: Role): boolean {
  if (!isKnownLevel(have.accessLevel) || !isKnownLevel(wanted.accessLevel)) return false;
  if (have.accessLevel === wanted.accessLevel) {
    return wanted.memberRoleId === null || wanted.memberRoleId === have.memberRoleId;
  }
  if (isBesideTheLadder(wanted.accessLevel)) return have.accessLevel === LEVEL.OWNER;
  return have.accessLevel > wanted.accessLevel;
}

/**
 * Below 0: `a` is lower than `b`; above 0: higher; 0: the same. The level decides; at one level a custom role is above the plain
 * one, and another custom role counts as higher, so that it is never mistaken for a harmless lowering.
 */
export function compareRoles(a: Role, b: Role): number {
  if (a.accessLevel !== b.accessLevel) return a.accessLevel - b.accessLevel;
  if (a.memberRoleId === b.memberRoleId) return 0;
  return a.memberRoleId === null ? -1 : 1;
}

/** The highest of the roles, the later one winning a tie; null for none. */
export function highestRole<T extends Role>(roles: readonly T[]): T | null {
  return roles.reduce<T | null>((top, role) => (top === null || compareRoles(role, top) >= 0 ? role : top), null);
}

/** Whether the role lets its holder manage members there (docs/gitlab.md §roles): project Maintainer, group Owner. */
export function managesMembers(sourceKind: 'group' | 'project', accessLevel: number): boolean {
  return accessLevel >= (sourceKind === 'project' ? LEVEL.MAINTAINER : LEVEL.OWNER);
}
