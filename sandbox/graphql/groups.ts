import {
  ACCESS,
  canReadGroup,
  canReadGroupMembers,
  childrenOf,
  directRow,
  fullName,
  groupByPath,
  isLastOwner,
  linksOf,
  membersOf,
  parentOf,
  projectsIn,
  rootOf,
  usersReachingGroup,
  viewerGroupLevel,
  addDays,
} from '../model/index.ts';
import type { Group, User, World } from '../model/index.ts';
import { accessLevelNode } from './accessLevels.ts';
import { keysetConnection } from './connection.ts';
import type { Connection, PageArgs } from './connection.ts';
import { timeText } from './context.ts';
import type { Context } from './context.ts';
import { accessError } from './errors.ts';
import { gidOf } from './gid.ts';
import { descendantsConnection, groupOrder, isArchived, markedOn } from './groupLists.ts';
import type { DescendantsArgs } from './groupLists.ts';
import { filterMembers, memberOrder } from './memberFilters.ts';
import type { MemberFilterArgs } from './memberFilters.ts';
import { groupMemberNodes } from './memberLists.ts';
import type { GroupRelation } from './memberLists.ts';
import { isRowVisible } from './memberNodes.ts';
import type { MemberNode } from './memberNodes.ts';
import { groupNamespace } from './namespaces.ts';
import type { NamespaceNode } from './namespaces.ts';
import { groupProjects, sharedProjects } from './projectLists.ts';
import type { GroupProjectsArgs } from './projectLists.ts';
import { matchesName, matchesUser } from './userSearch.ts';

const MAX_COMPLETIONS = 20;

interface GroupMembersArgs extends MemberFilterArgs {
  readonly relations?: readonly GroupRelation[] | null;
  readonly enterprise?: boolean | null;
}

/** A group by path as the caller may see it; null for missing and for hidden alike. */
export function findGroup(context: Context, fullPath: string): Group | null {
  const group = groupByPath(context.world, fullPath);
  return group && canReadGroup(context.world, context.viewer, group) ? group : null;
}

function groupMembers(group: Group, args: GroupMembersArgs, context: Context): Connection<MemberNode> {
  const { world, viewer } = context;
  if (!canReadGroupMembers(world, viewer, group)) throw accessError();
  const relations = args.relations ?? ['DIRECT', 'INHERITED'];
  const nodes = args.enterprise === true ? [] : groupMemberNodes(context, group, relations);
  return keysetConnection(
    {
      items: filterMembers(context, nodes, args),
      order: memberOrder(context, args.sort),
      isVisible: (node) => isRowVisible(context, node),
    },
    args,
  );
}

function permissions(group: Group, context: Context): Record<string, boolean> {
  const { world, viewer } = context;
  const level = viewerGroupLevel(world, viewer, group.id);
  const isOwner = level >= ACCESS.OWNER;
  const needed = { noone: ACCESS.ADMIN, maintainer: ACCESS.MAINTAINER, developer: ACCESS.DEVELOPER };
  const row = viewer.user ? directRow(world, 'Group', group.id, viewer.user.id) : undefined;
  return {
    readGroup: true,
    createProjects: viewer.admin || level >= needed[group.projectCreationLevel],
    removeGroup: isOwner,
    viewEditPage: isOwner,
    archiveGroup: isOwner,
    canLeave: row !== undefined && !isLastOwner(world, row),
    adminAllResources: viewer.admin,
  };
}

function autocomplete(group: Group, args: { search?: string | null }, { world, viewer }: Context): User[] {
  return [...usersReachingGroup(world, group.id)]
    .flatMap((id) => world.users.get(id) ?? [])
    .filter((user) => user.state === 'active' && (!args.search || matchesUser(viewer, user, args.search)))
    .slice(0, MAX_COMPLETIONS);
}

function sharedGroups(
  group: Group,
  args: PageArgs & { search?: string | null; sort?: string | null },
  { world, viewer }: Context,
): Connection<Group> {
  const items = linksOf(world, group.id)
    .filter(({ sharedKind }) => sharedKind === 'Group')
    .flatMap(({ sharedId }) => world.groups.get(sharedId) ?? [])
    .filter((shared) => canReadGroup(world, viewer, shared) && (!args.search || matchesName(shared, args.search)));
  return keysetConnection({ items, order: groupOrder(args.sort ?? 'NAME_ASC') }, args);
}

/** The day on which something marked for deletion goes, or would go if it were marked today. */
export function permanentDeletionDate(world: World, marked: string | null): string {
  const from = marked ?? new Date(world.clock.now()).toISOString().slice(0, 10);
  return addDays(from, world.settings.deletionRetentionDays);
}

/** Fields of `Group`; the source is the group's record. */
export const groupFields = {
  id: (group: Group) => gidOf('Group', group.id),
  fullName: (group: Group, _args: unknown, { world }: Context) => fullName(world, group),
  parent: (group: Group, _args: unknown, { world, viewer }: Context) => {
    const parent = parentOf(world, group);
    return parent && canReadGroup(world, viewer, parent) ? parent : null;
  },
  rootNamespace: (group: Group, _args: unknown, { world }: Context): NamespaceNode =>
    groupNamespace(rootOf(world, 'Group', group.id) ?? group),
  createdAt: (group: Group) => timeText(group.createdAt),
  updatedAt: (group: Group) => timeText(group.updatedAt),
  webPath: (group: Group) => `/groups/${group.fullPath}`,
  webUrl: (group: Group, _args: unknown, { baseUrl }: Context) => `${baseUrl}/groups/${group.fullPath}`,
  avatarUrl: () => null,
  archived: (group: Group, _args: unknown, context: Context) => isArchived(context, group),
  isSelfArchived: (group: Group) => group.archived,
  markedForDeletion: (group: Group, _args: unknown, context: Context) => markedOn(context, group) !== null,
  isSelfDeletionScheduled: (group: Group) => group.markedForDeletionOn !== null,
  permanentDeletionDate: (group: Group, _args: unknown, { world }: Context) =>
    permanentDeletionDate(world, group.markedForDeletionOn),
  // Only the caller's direct row in this very group counts (docs/gitlab.md §own level).
  maxAccessLevel: (group: Group, _args: unknown, { world, viewer }: Context) => {
    const row = viewer.user ? directRow(world, 'Group', group.id, viewer.user.id) : undefined;
    return accessLevelNode(row?.accessLevel ?? 0);
  },
  groupMembersCount: (group: Group, _args: unknown, { world }: Context) => membersOf(world, 'Group', group.id).length,
  descendantGroupsCount: (group: Group, _args: unknown, { world }: Context) => childrenOf(world, group.id).length,
  projectsCount: (group: Group, _args: unknown, { world }: Context) => projectsIn(world, group.id).length,
  requireTwoFactorAuthentication: () => false,
  userPermissions: (group: Group, _args: unknown, context: Context) => permissions(group, context),
  customAttributes: (_group: Group, _args: unknown, { viewer }: Context) => (viewer.admin ? [] : null),
  groupMembers,
  descendantGroups: (group: Group, args: DescendantsArgs, context: Context) =>
    descendantsConnection(context, group, args),
  projects: (group: Group, args: GroupProjectsArgs, context: Context) => groupProjects(context, group, args),
  sharedGroups,
  sharedProjects: (group: Group, args: PageArgs, context: Context) => sharedProjects(context, group, args),
  autocompleteUsers: autocomplete,
};
