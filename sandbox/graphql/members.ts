import { ACCESS, canReadGroup, canReadProject, viewerGroupLevel } from '../model/index.ts';
import { accessLevelNode } from './accessLevels.ts';
import { timeText } from './context.ts';
import type { Context } from './context.ts';
import { accessError } from './errors.ts';
import { gidOf } from './gid.ts';
import { groupFields } from './groups.ts';
import { groupOf, projectOf, updatedAtOf, userOf } from './memberNodes.ts';
import type { MemberNode } from './memberNodes.ts';
import { projectFields } from './projects.ts';

/** The fields of both member types. A person or creator that is gone is null. */
const memberFields = {
  id: (node: MemberNode) => gidOf(node.kind, node.row.id),
  accessLevel: (node: MemberNode) => accessLevelNode(node.level),
  createdBy: ({ row }: MemberNode, _args: unknown, { world }: Context) =>
    row.createdById === null ? null : (world.users.get(row.createdById) ?? null),
  createdAt: ({ row }: MemberNode) => timeText(row.createdAt),
  updatedAt: (node: MemberNode) => timeText(updatedAtOf(node)),
  // A date in a field of type Time, as in GitLab.
  expiresAt: ({ row }: MemberNode) => row.expiresAt,
  user: (node: MemberNode, _args: unknown, context: Context) => userOf(context, node) ?? null,
};

/** Fields of `GroupMember`. */
export const groupMemberFields = {
  ...memberFields,
  group: (node: MemberNode, _args: unknown, context: Context) => {
    const group = groupOf(context, node);
    return group && canReadGroup(context.world, context.viewer, group) ? group : null;
  },
  notificationEmail: (node: MemberNode, _args: unknown, context: Context) => {
    if (!context.viewer.admin) throw accessError();
    return userOf(context, node)?.email ?? null;
  },
  userPermissions: (node: MemberNode, _args: unknown, context: Context) => {
    const group = groupOf(context, node);
    const isDeveloper = group ? viewerGroupLevel(context.world, context.viewer, group.id) >= ACCESS.DEVELOPER : false;
    return { ...(group ? groupFields.userPermissions(group, {}, context) : {}), createCustomEmoji: isDeveloper };
  },
};

/** Fields of `ProjectMember`. */
export const projectMemberFields = {
  ...memberFields,
  project: (node: MemberNode, _args: unknown, context: Context) => {
    const project = projectOf(context, node);
    return project && canReadProject(context.world, context.viewer, project) ? project : null;
  },
  userPermissions: (node: MemberNode, _args: unknown, context: Context) => {
    const project = projectOf(context, node);
    return project ? projectFields.userPermissions(project, {}, context) : {};
  },
};
