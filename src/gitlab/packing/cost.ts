import { Kind } from 'graphql';
import type { DocumentNode, FieldNode, FragmentDefinitionNode, SelectionSetNode, ValueNode } from 'graphql';

/**
 * How GitLab counts a field that has fields of its own: `resolver` multiplies what is below it, `page` says that it returns
 * a connection, `sorted` that it has a default sort, `fixed` replaces its own point (docs/gitlab.md §GraphQL complexity).
 */
type FieldCost = {
  type: string;
  resolver?: boolean;
  page?: boolean;
  sorted?: boolean;
  extra?: number;
  fixed?: number;
};

const MEMBER: Record<string, FieldCost> = {
  accessLevel: { type: 'AccessLevel' },
  createdBy: { type: 'UserCore' },
  user: { type: 'UserCore' },
};

function connection(type: string): Record<string, FieldCost> {
  return { nodes: { type }, pageInfo: { type: 'PageInfo' } };
}

/** Every field with a selection that our operations use; a test holds it against the operations and the schema. */
const FIELDS: Record<string, Record<string, FieldCost>> = {
  Query: {
    currentUser: { type: 'CurrentUser' },
    metadata: { type: 'Metadata', resolver: true },
    queryComplexity: { type: 'QueryComplexity' },
    group: { type: 'Group', resolver: true },
    groups: { type: 'GroupConnection', resolver: true, page: true, sorted: true },
    project: { type: 'Project', resolver: true },
    projects: { type: 'ProjectConnection', resolver: true, page: true },
    user: { type: 'UserCore', resolver: true },
    users: { type: 'UserCoreConnection', resolver: true, page: true, sorted: true },
    memberRoles: { type: 'MemberRoleConnection', resolver: true, page: true },
  },
  Group: {
    parent: { type: 'Group' },
    pendingMemberApprovals: { type: 'MemberApprovalConnection', resolver: true, page: true },
    groupMembers: { type: 'GroupMemberConnection', resolver: true, page: true },
    descendantGroups: { type: 'GroupConnection', page: true, fixed: 5 },
    projects: { type: 'ProjectConnection', resolver: true, page: true, extra: 10 },
    sharedGroups: { type: 'GroupConnection', resolver: true, page: true, sorted: true },
    sharedProjects: { type: 'ProjectConnection', resolver: true, page: true },
    memberRoles: { type: 'MemberRoleConnection', resolver: true, page: true },
  },
  Project: {
    group: { type: 'Group' },
    pendingMemberApprovals: { type: 'MemberApprovalConnection', resolver: true, page: true },
    projectMembers: { type: 'MemberInterfaceConnection', resolver: true, page: true },
  },
  UserCore: {
    groupMemberships: { type: 'GroupMemberConnection', page: true },
    projectMemberships: { type: 'ProjectMemberConnection', page: true },
  },
  GroupMember: { ...MEMBER, group: { type: 'Group' } },
  ProjectMember: { ...MEMBER, project: { type: 'Project' } },
  MemberApproval: {
    newAccessLevel: { type: 'AccessLevel' },
    requestedBy: { type: 'UserCore' },
    user: { type: 'UserCore' },
  },
  MemberApprovalConnection: connection('MemberApproval'),
  MemberRole: { baseAccessLevel: { type: 'AccessLevel' } },
  MemberRoleConnection: connection('MemberRole'),
  GroupConnection: connection('Group'),
  ProjectConnection: connection('Project'),
  UserCoreConnection: connection('UserCore'),
  GroupMemberConnection: connection('GroupMember'),
  ProjectMemberConnection: connection('ProjectMember'),
  MemberInterfaceConnection: connection('MemberInterface'),
};

/** Types that stand for others; the dearest of them counts. */
const ABSTRACT: Record<string, readonly string[]> = { MemberInterface: ['GroupMember', 'ProjectMember'] };

const LARGEST_PAGE = 100;

type Context = { fragments: ReadonlyMap<string, FragmentDefinitionNode>; variables: Record<string, unknown> };

function applies(condition: string | undefined, type: string): boolean {
  return condition === undefined || condition === type || (ABSTRACT[condition]?.includes(type) ?? false);
}

/** The fields of a selection on one concrete type by response key, fragments opened. */
function collect(
  set: SelectionSetNode,
  type: string,
  context: Context,
  into = new Map<string, FieldNode[]>(),
): Map<string, FieldNode[]> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      into.set(key, [...(into.get(key) ?? []), selection]);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
    if (fragment !== undefined && applies(fragment.typeCondition?.name.value, type)) {
      collect(fragment.selectionSet, type, context, into);
    }
  }
  return into;
}

function valueOf(node: ValueNode | undefined, variables: Record<string, unknown>): unknown {
  if (node === undefined) return undefined;
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node.kind === Kind.INT) return Number(node.value);
  return node.kind === Kind.NULL ? undefined : node;
}

function argument(field: FieldNode, name: string, variables: Record<string, unknown>): unknown {
  return valueOf(field.arguments?.find((candidate) => candidate.name.value === name)?.value, variables) ?? undefined;
}

function pageSize(field: FieldNode, variables: Record<string, unknown>): number {
  const first = argument(field, 'first', variables);
  return Math.min(typeof first === 'number' ? first : LARGEST_PAGE, LARGEST_PAGE);
}

function fieldCost(nodes: readonly FieldNode[], type: string, context: Context): number {
  const field = nodes[0];
  if (field === undefined) return 0;
  const rule = FIELDS[type]?.[field.name.value];
  if (rule === undefined) return 1;
  const selections = nodes.flatMap((node) => node.selectionSet?.selections ?? []);
  const below = setCost({ kind: Kind.SELECTION_SET, selections }, rule.type, context);
  if (rule.resolver !== true) return (rule.fixed ?? 1) + below;
  const sorted = rule.sorted === true || argument(field, 'sort', context.variables) !== undefined;
  const searched = argument(field, 'search', context.variables) !== undefined;
  const sum = below + 1 + (sorted ? 1 : 0) + (searched ? 5 : 0) + (rule.extra ?? 0);
  const page = rule.page === true ? pageSize(field, context.variables) : 0;
  return Math.floor(sum + sum * (page * 0.01));
}

function setCost(set: SelectionSetNode, type: string, context: Context): number {
  const concrete = ABSTRACT[type] ?? [type];
  return Math.max(
    ...concrete.map((one) => {
      let total = 0;
      for (const nodes of collect(set, one, context).values()) total += fieldCost(nodes, one, context);
      return total;
    }),
  );
}

const counted = new WeakMap<DocumentNode, Map<string, number>>();

/** What the points depend on: page sizes, and whether there is a search or a sort. */
function dependingOn(variables: Record<string, unknown>): string {
  let key = '';
  for (const [name, value] of Object.entries(variables)) {
    if (typeof value === 'number') key += `${name}=${String(value)} `;
    else if ((name === 'search' || name === 'sort') && value !== null && value !== undefined) key += `${name} `;
  }
  return key;
}

/** What GitLab counts for this query with these variables, in its complexity points (docs/gitlab.md §GraphQL complexity). */
export function complexity(document: DocumentNode, variables: Record<string, unknown>): number {
  const known = counted.get(document) ?? new Map<string, number>();
  const key = dependingOn(variables);
  const points = known.get(key) ?? count(document, variables);
  counted.set(document, known.set(key, points));
  return points;
}

function count(document: DocumentNode, variables: Record<string, unknown>): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let total = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      total += setCost(definition.selectionSet, 'Query', { fragments, variables });
    }
  }
  return total;
}
