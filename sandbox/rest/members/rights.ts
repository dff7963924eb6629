import {
  ACCESS,
  hasPlan,
  reachOfUserOnGroup,
  rootOf,
  rowsOfUser,
  selfAndAncestors,
  viewerGroupLevel,
  viewerProjectLevel,
  type Member,
  type User,
} from '../../model/index.ts';
import type { Asker } from '../context.ts';
import type { Source } from '../lookup.ts';

/** The level the caller acts with on a source. */
export function callerLevel(call: Asker, source: Source): number {
  return source.kind === 'Group'
    ? viewerGroupLevel(call.world, call.viewer, source.id)
    : viewerProjectLevel(call.world, call.viewer, source.id);
}

/** Whether a custom role of the caller brings a permission on a source. */
function hasRolePermission(call: Asker, source: Source, permission: string): boolean {
  const { world, viewer } = call;
  if (!viewer.user || !hasPlan(world.settings, 'ultimate')) return false;
  const groupId = source.kind === 'Group' ? source.id : source.project.groupId;
  const rows = groupId === null ? [] : reachOfUserOnGroup(world, viewer.user.id, groupId).map((reach) => reach.row);
  for (const row of rowsOfUser(world, viewer.user.id)) {
    if (row.sourceKind === source.kind && row.sourceId === source.id) rows.push(row);
  }
  return rows.some((row) => {
    const role = row.memberRoleId === null ? undefined : world.memberRoles.get(row.memberRoleId);
    return role?.permissions.includes(permission) === true;
  });
}

/** Owner of a group, Maintainer of a project, or a custom role that manages members; locks not yet looked at. */
export function canAdminMembers(call: Asker, source: Source): boolean {
  const [needed, permission] =
    source.kind === 'Group' ? [ACCESS.OWNER, 'admin_group_member'] : [ACCESS.MAINTAINER, 'admin_project_member'];
  return callerLevel(call, source) >= needed || hasRolePermission(call, source, permission);
}

/** Only Owners of a project touch its Owners. */
export function canManageOwners(call: Asker, source: Source): boolean {
  return callerLevel(call, source) >= ACCESS.OWNER;
}

/** The instance-wide locks that hand memberships to LDAP or SAML; administrators pass them. */
export function globallyLocked(call: Asker, source: Source): boolean {
  const { world, viewer } = call;
  if (viewer.admin || world.settings.edition === 'ce') return false;
  if (source.kind === 'Group' && world.settings.ldapMembershipLock) return true;
  const root = rootOf(world, source.kind, source.id);
  return world.settings.samlMembershipLock && root !== undefined && root.samlLinks.length > 0;
}

/** Whether LDAP sync owns the memberships of this very group. */
export function ldapSynced(call: Asker, source: Source): boolean {
  return source.kind === 'Group' && call.world.settings.edition === 'ee' && source.group.ldapLinks.length > 0;
}

/** Whether a group or one above it is archived. */
export function archived(call: Asker, source: Source): boolean {
  return source.kind === 'Group' && selfAndAncestors(call.world, source.id).some((group) => group.archived);
}

/** Whether the caller may put somebody into a source (docs/gitlab.md §add member, right to add). */
export function canAdd(call: Asker, source: Source, user: User): boolean {
  if (!canAdminMembers(call, source)) return false;
  if (!fitsServiceAccount(call, source, user)) return false;
  if (source.kind === 'Group' && user.userType === 'service_account') {
    return hasPlan(call.world.settings, 'premium') && callerLevel(call, source) >= ACCESS.OWNER;
  }
  if (call.world.settings.edition === 'ee' && archived(call, source)) return false;
  if (invitesOff(call, source) || ldapSynced(call, source)) return false;
  return !globallyLocked(call, source);
}

function invitesOff(call: Asker, source: Source): boolean {
  const { world, viewer } = call;
  if (viewer.admin || !hasPlan(world.settings, 'premium')) return false;
  return rootOf(world, source.kind, source.id)?.disableInvites === true;
}

/** A service account of a subgroup or project stays within it. */
function fitsServiceAccount(call: Asker, source: Source, user: User): boolean {
  if (user.userType !== 'service_account') return true;
  if (user.provisionedByProjectId !== null) {
    return source.kind === 'Project' && source.id === user.provisionedByProjectId;
  }
  const home = user.provisionedByGroupId === null ? undefined : call.world.groups.get(user.provisionedByGroupId);
  if (!home || home.parentId === null) return true;
  const groupId = source.kind === 'Group' ? source.id : source.project.groupId;
  return groupId !== null && selfAndAncestors(call.world, groupId).some((group) => group.id === home.id);
}

/** Planner is no step of the ladder: only Owners, and who holds exactly that role, may give it. */
export function encompasses(call: Asker, source: Source, level: number): boolean {
  if (call.viewer.admin) return true;
  const own = callerLevel(call, source);
  return level === ACCESS.PLANNER ? own >= ACCESS.OWNER || own === ACCESS.PLANNER : level <= own;
}

/** Whether the row belongs to the holder of a personal project's namespace. */
export function isNamespaceHolder(source: Source, row: Member): boolean {
  return source.kind === 'Project' && source.project.ownerId === row.userId;
}
