import type { GraphQLTypeResolver } from 'graphql';
import type { Group, Project } from '../model/index.ts';
import { pendingApprovals } from './approvals.ts';
import { updateGroupMembers, updateProjectMembers } from './bulkUpdate.ts';
import type { BulkInput, BulkPayload } from './bulkUpdate.ts';
import type { PageArgs } from './connection.ts';
import type { Context } from './context.ts';
import { groupFields } from './groups.ts';
import { groupMemberFields, projectMemberFields } from './members.ts';
import { namespaceFields } from './namespaces.ts';
import { projectFields } from './projects.ts';
import { metadataFields, queryFields } from './query.ts';
import { memberRoleFields, rolesAbove, standardRoleFields, standardRoles } from './roles.ts';
import type { RolesArgs } from './roles.ts';
import type { ResolverMap } from './schema.ts';
import { emailFields, tokenFields, userFields } from './users.ts';

interface Input<T> {
  readonly input: T;
}

/** Behaviour of every type in the slice; a field without an entry is a property of its source. */
export const RESOLVERS: ResolverMap<Context> = {
  Query: queryFields,
  Mutation: {
    groupMemberBulkUpdate: (_root: unknown, { input }: Input<BulkInput & { groupId: string }>, context: Context) =>
      updateGroupMembers(context, input.groupId, input),
    projectMemberBulkUpdate: (_root: unknown, { input }: Input<BulkInput & { projectId: string }>, context: Context) =>
      updateProjectMembers(context, input.projectId, input),
  },
  GroupMemberBulkUpdatePayload: { groupMembers: ({ members }: BulkPayload) => members },
  ProjectMemberBulkUpdatePayload: { projectMembers: ({ members }: BulkPayload) => members },
  Metadata: metadataFields,
  Group: {
    ...groupFields,
    memberRoles: (group: Group, args: RolesArgs, context: Context) => rolesAbove(context, group, 'Group', args),
    standardRoles: (_group: Group, args: RolesArgs) => standardRoles(args),
    pendingMemberApprovals: (group: Group, args: PageArgs, context: Context) =>
      pendingApprovals(context, { kind: 'Group', id: group.id, group }, args),
  },
  Project: {
    ...projectFields,
    memberRoles: (project: Project, args: RolesArgs, context: Context) => rolesAbove(context, project, 'Project', args),
    pendingMemberApprovals: (project: Project, args: PageArgs, context: Context) =>
      pendingApprovals(context, { kind: 'Project', id: project.id, project }, args),
  },
  Namespace: namespaceFields,
  UserCore: userFields,
  CurrentUser: userFields,
  AutocompletedUser: userFields,
  Email: emailFields,
  PersonalAccessToken: tokenFields,
  GroupMember: groupMemberFields,
  ProjectMember: projectMemberFields,
  MemberRole: memberRoleFields,
  StandardRole: standardRoleFields,
};

/** Which object type an abstract field's value is. */
export const resolveType: GraphQLTypeResolver<unknown, Context> = (value, _context, info, abstractType) => {
  if (abstractType.name === 'MemberInterface' && typeof value === 'object' && value !== null && 'kind' in value) {
    return String(value.kind);
  }
  return info.schema.getPossibleTypes(abstractType)[0]?.name;
};
