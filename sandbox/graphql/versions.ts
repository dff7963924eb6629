import { isTypeDefinitionNode, Kind, visit } from 'graphql';
import type { ASTNode, ConstDirectiveNode, DocumentNode, TypeDefinitionNode } from 'graphql';

/** Fields, arguments and enum values (`Type.field`, `Type.field.argument`, `Enum.VALUE`) by the version that brought them. */
const SINCE: Readonly<Record<string, string>> = {
  'UserCoreConnection.count': '16.5',
  'Query.projects.fullPaths': '16.6',
  'Group.maxAccessLevel': '16.9',
  'Project.maxAccessLevel': '16.9',
  'Group.groupMembers.enterprise': '16.10',
  'Query.groups.markedForDeletionOn': '17.1',
  'Query.users.humans': '17.3',
  'Query.users.active': '17.3',
  'Query.projects.archived': '17.4',
  'Query.groups.ids': '17.6',
  'User.lastActivityOn': '17.6',
  'UserCore.lastActivityOn': '17.6',
  'CurrentUser.lastActivityOn': '17.6',
  'AutocompletedUser.lastActivityOn': '17.6',
  'AccessLevelEnum.PLANNER': '17.7',
  'MemberAccessLevel.PLANNER': '17.7',
  'Query.groups.topLevelOnly': '17.7',
  'Query.groups.parentPath': '17.10',
  'Group.descendantGroups.ids': '17.10',
  'GroupPermissions.canLeave': '18.0',
  'ProjectPermissions.canLeave': '18.0',
  'Project.projectMembers.accessLevels': '18.1',
  'Query.groups.active': '18.1',
  'Query.projects.active': '18.1',
  'GroupConnection.count': '18.1',
  'User.projectCount': '18.1',
  'UserCore.projectCount': '18.1',
  'CurrentUser.projectCount': '18.1',
  'AutocompletedUser.projectCount': '18.1',
  'Query.projects.namespacePath': '18.2',
  'Group.sharedGroups': '18.4',
  // The contract cannot date these; they are absent below 18.0 so that clients' probes have something to find.
  'Group.groupMembers.ids': '18.0',
  'Project.projectMembers.ids': '18.0',
  'Query.users.groupId': '18.0',
  'User.type': '18.0',
  'UserCore.type': '18.0',
  'CurrentUser.type': '18.0',
  'AutocompletedUser.type': '18.0',
  'User.human': '18.0',
  'UserCore.human': '18.0',
  'CurrentUser.human': '18.0',
  'AutocompletedUser.human': '18.0',
};

const EXPERIMENT = /^Experiment since (\d+\.\d+)/;

/**
 * The schema as a GitLab of the given version ("17.0", "18.9.0-ee") has it: what came later is taken out
 * (docs/gitlab.md §GraphQL by version). With `withoutDeprecated` everything marked deprecated goes too.
 */
export function schemaOfVersion(
  document: DocumentNode,
  options: { version: string; withoutDeprecated?: boolean },
): DocumentNode {
  const dropIfNewer = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): boolean => {
    const reason = deprecationOf(directives);
    if (reason !== undefined && options.withoutDeprecated === true) return true;
    const since = SINCE[coordinate] ?? EXPERIMENT.exec(reason ?? '')?.[1];
    return since !== undefined && isOlder(options.version, since);
  };
  return visit(document, {
    DirectiveDefinition: (node) =>
      node.name.value === 'gl_introduced' && isOlder(options.version, '18.0') ? null : undefined,
    EnumTypeDefinition: (node) => ({
      ...node,
      values: node.values?.filter((value) => !dropIfNewer(`${node.name.value}.${value.name.value}`, value.directives)),
    }),
    FieldDefinition: (node, _key, _parent, _path, ancestors) => {
      const coordinate = `${ownerOf(ancestors)}.${node.name.value}`;
      if (dropIfNewer(coordinate, node.directives)) return null;
      const kept = node.arguments?.filter(
        (argument) => !dropIfNewer(`${coordinate}.${argument.name.value}`, argument.directives),
      );
      return { ...node, arguments: kept };
    },
  });
}

/** True when version a (its numbers before any suffix) comes before version b. */
export function isOlder(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map((part) => Number.parseInt(part, 10));
  const [majorB = 0, minorB = 0] = b.split('.').map((part) => Number.parseInt(part, 10));
  return majorA === majorB ? minorA < minorB : majorA < majorB;
}

function deprecationOf(directives: readonly ConstDirectiveNode[] | undefined): string | undefined {
  const argument = directives?.find(({ name }) => name.value === 'deprecated')?.arguments?.[0];
  return argument?.value.kind === Kind.STRING ? argument.value.value : undefined;
}

function ownerOf(ancestors: readonly (ASTNode | readonly ASTNode[])[]): string {
  const isType = (ancestor: ASTNode | readonly ASTNode[]): ancestor is TypeDefinitionNode =>
    'kind' in ancestor && isTypeDefinitionNode(ancestor);
  return ancestors.find(isType)?.name.value ?? '';
}
