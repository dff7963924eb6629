import { groupLevel } from './access.ts';
import { authorizedLevel } from './authorizations.ts';
import { linksOf, rowsOfUser, selfAndAncestors } from './tree.ts';
import { ACCESS, type Group, type Project, type User, type Viewer, type Visibility } from './types.ts';
import type { World } from './world.ts';

/** Reads everything without being a member: administrators (as far as Admin Mode lets them) and auditors. */
export function readsAll(viewer: Viewer): boolean {
  return viewer.admin || viewer.user?.auditor === true;
}

function openTo(visibility: Visibility, user: User | null): boolean {
  return visibility === 'public' || (visibility === 'internal' && user !== null && !user.external);
}

/** The level a viewer acts with on a group: Owner for an administrator. */
export function viewerGroupLevel(world: World, viewer: Viewer, groupId: number): number {
  if (viewer.admin) return ACCESS.OWNER;
  return viewer.user ? groupLevel(world, viewer.user.id, groupId) : 0;
}

/** The level a viewer acts with on a project: Owner for an administrator, else the authorization in force. */
export function viewerProjectLevel(world: World, viewer: Viewer, projectId: number): number {
  if (viewer.admin) return ACCESS.OWNER;
  if (viewer.user?.state !== 'active') return 0;
  return authorizedLevel(world, viewer.user.id, projectId);
}

/** Whether a group may be seen, be it only because the viewer belongs to something beneath it. */
export function canReadGroup(world: World, viewer: Viewer, group: Group): boolean {
  return canReadGroupMembers(world, viewer, group) || belongsBeneath(world, viewer, group);
}

/** Whether the members of a group may be read: a private group needs real membership. */
export function canReadGroupMembers(world: World, viewer: Viewer, group: Group): boolean {
  if (readsAll(viewer) || openTo(group.visibility, viewer.user)) return true;
  return viewer.user !== null && groupLevel(world, viewer.user.id, group.id) > 0;
}

/** Whether a project may be seen. */
export function canReadProject(world: World, viewer: Viewer, project: Project): boolean {
  if (readsAll(viewer) || openTo(project.visibility, viewer.user)) return true;
  return viewerProjectLevel(world, viewer, project.id) > 0;
}

function belongsBeneath(world: World, viewer: Viewer, group: Group): boolean {
  if (viewer.user?.state !== 'active') return false;
  const isAbove = (id: number): boolean => selfAndAncestors(world, id).some((item) => item.id === group.id);
  const sourceAbove = (kind: string, id: number): boolean => {
    const groupId = kind === 'Group' ? id : world.projects.get(id)?.groupId;
    return groupId != null && isAbove(groupId);
  };
  for (const row of rowsOfUser(world, viewer.user.id)) {
    if (row.requestedAt !== null || row.state !== 'active') continue;
    if (sourceAbove(row.sourceKind, row.sourceId)) return true;
    if (row.sourceKind !== 'Group') continue;
    for (const link of linksOf(world, row.sourceId)) if (sourceAbove(link.sharedKind, link.sharedId)) return true;
  }
  return false;
}

/** Whether lists show a user: non-admins never get blocked, banned or LDAP-blocked people there. */
export function listsUser(viewer: Viewer, user: User): boolean {
  return viewer.admin || !['blocked', 'banned', 'ldap_blocked'].includes(user.state);
}

/** The name others see: `****` for a token's robot whose group or project the viewer may not read. */
export function visibleName(world: World, viewer: Viewer, user: User): string {
  if (user.userType !== 'project_bot' || viewer.admin || viewer.user?.id === user.id) return user.name;
  for (const row of rowsOfUser(world, user.id)) {
    const group = row.sourceKind === 'Group' ? world.groups.get(row.sourceId) : undefined;
    if (group) return canReadGroup(world, viewer, group) ? user.name : '****';
    const project = row.sourceKind === 'Project' ? world.projects.get(row.sourceId) : undefined;
    if (project) return canReadProject(world, viewer, project) ? user.name : '****';
  }
  return user.name;
}
