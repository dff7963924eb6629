import {
  ACCESS,
  authorizationsOf,
  authorizedLevel,
  canReadGroup,
  canReadProject,
  directRow,
  fullName,
  projectByPath,
  rootOf,
  viewerProjectLevel,
} from '../model/index.ts';
import type { Group, Project, User } from '../model/index.ts';
import { accessLevelNode } from './accessLevels.ts';
import { keysetConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { isSelfOrAdmin, timeText } from './context.ts';
import type { Context } from './context.ts';
import { accessError } from './errors.ts';
import { gidOf } from './gid.ts';
import { permanentDeletionDate } from './groups.ts';
import { filterMembers, memberOrder } from './memberFilters.ts';
import type { MemberFilterArgs } from './memberFilters.ts';
import { projectMemberNodes } from './memberLists.ts';
import type { ProjectRelation } from './memberLists.ts';
import { isRowVisible } from './memberNodes.ts';
import type { MemberNode } from './memberNodes.ts';
import { groupNamespace } from './namespaces.ts';
import type { NamespaceNode } from './namespaces.ts';
import { isProjectArchived, projectMarkedOn } from './projectLists.ts';
import { matchesUser } from './userSearch.ts';

const MAX_COMPLETIONS = 20;

interface ProjectMembersArgs extends MemberFilterArgs {
  readonly relations?: readonly ProjectRelation[] | null;
}

/** A project by path as the caller may see it; null for missing and for hidden alike. Old paths are not followed. */
export function findProject(context: Context, fullPath: string): Project | null {
  const project = projectByPath(context.world, fullPath);
  return project && canReadProject(context.world, context.viewer, project) ? project : null;
}

function projectMembers(project: Project, args: ProjectMembersArgs, context: Context): Connection<MemberNode> {
  if (!canReadProject(context.world, context.viewer, project)) throw accessError();
  const nodes = projectMemberNodes(context, project, args.relations ?? ['DIRECT', 'INHERITED']);
  return keysetConnection(
    {
      items: filterMembers(context, nodes, args),
      order: memberOrder(context, args.sort),
      isVisible: (node) => isRowVisible(context, node),
    },
    args,
  );
}

function groupIfReadable({ world, viewer }: Context, group: Group | undefined): Group | null {
  return group && canReadGroup(world, viewer, group) ? group : null;
}

function namespaceOf(project: Project, _args: unknown, context: Context): NamespaceNode | null {
  const { world } = context;
  const owner = project.ownerId === null ? undefined : world.users.get(project.ownerId);
  if (owner) return isSelfOrAdmin(context, owner.id) ? { kind: 'user', user: owner } : null;
  const group = groupIfReadable(context, world.groups.get(project.groupId ?? 0));
  return group ? groupNamespace(group) : null;
}

function nameWithNamespace(project: Project, _args: unknown, { world }: Context): string {
  const group = world.groups.get(project.groupId ?? 0);
  const owner = world.users.get(project.ownerId ?? 0);
  return `${group ? fullName(world, group) : (owner?.name ?? '')} / ${project.name}`;
}

function permissions(project: Project, context: Context): Record<string, boolean> {
  const { world, viewer } = context;
  const level = viewerProjectLevel(world, viewer, project.id);
  const row = viewer.user ? directRow(world, 'Project', project.id, viewer.user.id) : undefined;
  return {
    readProject: true,
    readProjectMember: true,
    adminProject: level >= ACCESS.MAINTAINER,
    viewEditPage: level >= ACCESS.MAINTAINER,
    pushCode: level >= ACCESS.DEVELOPER && !isProjectArchived(context, project),
    downloadCode: level >= ACCESS.REPORTER || project.visibility !== 'private',
    removeProject: level >= ACCESS.OWNER,
    archiveProject: level >= ACCESS.OWNER,
    requestAccess: viewer.user !== null && project.requestAccessEnabled && level === 0,
    canLeave: row !== undefined && project.ownerId !== row.userId,
    adminAllResources: viewer.admin,
  };
}

function autocomplete(project: Project, args: { search?: string | null }, { world, viewer }: Context): User[] {
  return authorizationsOf(world, project)
    .flatMap(([userId]) => world.users.get(userId) ?? [])
    .filter((user) => user.state === 'active' && (!args.search || matchesUser(viewer, user, args.search)))
    .slice(0, MAX_COMPLETIONS);
}

/** Fields of `Project`; the source is the project's record. */
export const projectFields = {
  id: (project: Project) => gidOf('Project', project.id),
  nameWithNamespace,
  namespace: namespaceOf,
  group: (project: Project, _args: unknown, context: Context) =>
    groupIfReadable(context, context.world.groups.get(project.groupId ?? 0)),
  rootGroup: (project: Project, _args: unknown, context: Context) =>
    groupIfReadable(context, rootOf(context.world, 'Project', project.id)),
  createdAt: (project: Project) => timeText(project.createdAt),
  updatedAt: (project: Project) => timeText(project.updatedAt),
  lastActivityAt: (project: Project) => timeText(project.lastActivityAt),
  webPath: (project: Project) => `/${project.fullPath}`,
  webUrl: (project: Project, _args: unknown, { baseUrl }: Context) => `${baseUrl}/${project.fullPath}`,
  avatarUrl: () => null,
  archived: (project: Project, _args: unknown, context: Context) => isProjectArchived(context, project),
  isSelfArchived: (project: Project) => project.archived,
  markedForDeletion: (project: Project, _args: unknown, context: Context) => projectMarkedOn(context, project) !== null,
  isSelfDeletionScheduled: (project: Project) => project.markedForDeletionOn !== null,
  permanentDeletionDate: (project: Project, _args: unknown, { world }: Context) =>
    permanentDeletionDate(world, project.markedForDeletionOn),
  // From project authorizations: effective, but 0 for an administrator without membership (docs/gitlab.md §own level).
  maxAccessLevel: (project: Project, _args: unknown, { world, viewer }: Context) =>
    accessLevelNode(viewer.user ? authorizedLevel(world, viewer.user.id, project.id) : 0),
  userPermissions: (project: Project, _args: unknown, context: Context) => permissions(project, context),
  customAttributes: (_project: Project, _args: unknown, { viewer }: Context) => (viewer.admin ? [] : null),
  projectMembers,
  autocompleteUsers: autocomplete,
};
