import { ACCESS, type Member, type Project, type ShareLink } from './types.ts';
import { linksInto, membersOf, projectsIn, linksOf, rowsOfUser, selfAndAncestors, subtree } from './tree.ts';
import type { World } from './world.ts';

/** One way by which somebody reaches a group or project. */
export interface Reach {
  readonly row: Member;
  /** What this way gives: the row's level, capped by the link when it comes through one. */
  readonly level: number;
  readonly kind: 'direct' | 'inherited' | 'shared';
  readonly link: ShareLink | null;
}

/** Whether a row gives access: accepted and not awaiting a seat. Expired rows give it until they are purged. */
export function inForce(row: Member): boolean {
  return row.requestedAt === null && row.state === 'active';
}

/**
 * Every row by which a user reaches a group: own, ancestors' and, through links on it or an ancestor, the direct rows
 * of invited groups (docs/gitlab.md §access). Rows not in force are included: callers decide.
 */
export function reachOfUserOnGroup(world: World, userId: number, groupId: number): Reach[] {
  const chain = selfAndAncestors(world, groupId);
  const found: Reach[] = [];
  for (const row of rowsOfUser(world, userId)) {
    if (row.sourceKind !== 'Group' || row.requestedAt !== null) continue;
    for (const [distance, group] of chain.entries()) {
      if (group.id === row.sourceId) {
        found.push({ row, level: row.accessLevel, kind: distance === 0 ? 'direct' : 'inherited', link: null });
      }
      for (const link of linksInto(world, 'Group', group.id)) {
        if (link.invitedGroupId !== row.sourceId) continue;
        found.push({ row, level: Math.min(link.accessLevel, row.accessLevel), kind: 'shared', link });
      }
    }
  }
  return found;
}

/** The level a user has on a group now, whatever the user's state; 0 for none. */
export function rowLevelOnGroup(world: World, userId: number, groupId: number): number {
  let level = 0;
  for (const reach of reachOfUserOnGroup(world, userId, groupId)) {
    if (inForce(reach.row) && reach.level > level) level = reach.level;
  }
  return level;
}

/** The level a user has on a group now: live, for active users only; 0 for none. */
export function groupLevel(world: World, userId: number, groupId: number): number {
  return world.users.get(userId)?.state === 'active' ? rowLevelOnGroup(world, userId, groupId) : 0;
}

/** Levels of one user on groups that were worked out already, for callers that ask for many projects at one moment. */
export type KnownLevels = Map<number, number>;

/** The level the rows give a user on a project at this moment, which authorizations reach only after the delay. */
export function liveProjectLevel(
  world: World,
  userId: number,
  project: Project,
  known: KnownLevels = new Map(),
): number {
  const onGroup = (groupId: number): number => {
    const level = known.get(groupId) ?? aboveMinimal(rowLevelOnGroup(world, userId, groupId));
    known.set(groupId, level);
    return level;
  };
  let level = project.ownerId === userId ? ACCESS.OWNER : 0;
  for (const row of rowsOfUser(world, userId)) {
    if (row.sourceKind === 'Project' && row.sourceId === project.id && inForce(row) && row.accessLevel > level) {
      level = row.accessLevel;
    }
  }
  if (project.groupId !== null) level = Math.max(level, onGroup(project.groupId));
  for (const link of linksInto(world, 'Project', project.id)) {
    level = Math.max(level, Math.min(link.accessLevel, onGroup(link.invitedGroupId)));
  }
  return level;
}

function aboveMinimal(level: number): number {
  return level > ACCESS.MINIMAL ? level : 0;
}

/** Users with a row that can reach a group: own, inherited and shared. */
export function usersReachingGroup(world: World, groupId: number): Set<number> {
  const users = new Set<number>();
  for (const group of selfAndAncestors(world, groupId)) {
    for (const row of membersOf(world, 'Group', group.id)) users.add(row.userId);
    for (const link of linksInto(world, 'Group', group.id)) {
      for (const row of membersOf(world, 'Group', link.invitedGroupId)) users.add(row.userId);
    }
  }
  return users;
}

/** Users with a row that can reach a project in any way. */
export function usersReachingProject(world: World, project: Project): Set<number> {
  const users = project.groupId === null ? new Set<number>() : usersReachingGroup(world, project.groupId);
  if (project.ownerId !== null) users.add(project.ownerId);
  for (const row of membersOf(world, 'Project', project.id)) users.add(row.userId);
  for (const link of linksInto(world, 'Project', project.id)) {
    for (const userId of usersReachingGroup(world, link.invitedGroupId)) users.add(userId);
  }
  return users;
}

/** Groups whose access depends on the direct rows of a group: its subtree, and the subtrees it was invited to. */
export function groupsFedBy(world: World, groupId: number): Set<number> {
  const fed = new Set(subtree(world, groupId).map((group) => group.id));
  for (const link of linksOf(world, groupId)) {
    if (link.sharedKind === 'Group') for (const group of subtree(world, link.sharedId)) fed.add(group.id);
  }
  return fed;
}

/** Projects whose access depends on the direct rows of a group. */
export function projectsFedBy(world: World, groupId: number): Set<number> {
  return projectsUnder(world, groupsFedBy(world, groupId));
}

/** Projects in any of the groups, or opened to one of them. */
export function projectsUnder(world: World, groupIds: Iterable<number>): Set<number> {
  const fed = new Set<number>();
  for (const id of groupIds) {
    for (const project of projectsIn(world, id)) fed.add(project.id);
    for (const link of linksOf(world, id)) if (link.sharedKind === 'Project') fed.add(link.sharedId);
  }
  return fed;
}
