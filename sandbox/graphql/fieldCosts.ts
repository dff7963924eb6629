/** How GitLab charges a field: by its resolver (with page factor), by a fixed cost, or as one plain point. */
export type FieldCost =
  { readonly kind: 'resolver'; readonly extra: number } | { readonly kind: 'fixed'; readonly cost: number };

const USER_TYPES = ['UserCore', 'CurrentUser', 'AutocompletedUser', 'User'];

const RESOLVER_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Query: [
    'group',
    'groups',
    'project',
    'projects',
    'user',
    'users',
    'namespace',
    'metadata',
    'memberRole',
    'memberRoles',
    'standardRoles',
  ],
  Metadata: ['featureFlags'],
  Group: [
    'groupMembers',
    'pendingMemberApprovals',
    'memberRoles',
    'standardRoles',
    'projects',
    'sharedGroups',
    'sharedProjects',
    'autocompleteUsers',
  ],
  Namespace: ['projects'],
  Project: ['projectMembers', 'pendingMemberApprovals', 'memberRoles', 'autocompleteUsers'],
  GroupMember: ['notificationEmail'],
  ...Object.fromEntries(
    USER_TYPES.map((type) => [type, ['groups', 'groupCount', 'projectCount', 'personalAccessTokens']]),
  ),
};

/** Points a resolver adds for itself on top of sort and search. */
const EXTRA: Readonly<Record<string, number>> = { 'Group.projects': 10, 'Namespace.projects': 10 };

const FIXED: Readonly<Record<string, number>> = { 'Group.descendantGroups': 5 };

const COSTS = new Map<string, FieldCost>([
  ...Object.entries(RESOLVER_FIELDS).flatMap(([type, fields]) =>
    fields.map((field): [string, FieldCost] => {
      const coordinate = `${type}.${field}`;
      return [coordinate, { kind: 'resolver', extra: EXTRA[coordinate] ?? 0 }];
    }),
  ),
  ...Object.entries(FIXED).map(([coordinate, cost]): [string, FieldCost] => [coordinate, { kind: 'fixed', cost }]),
]);

/** The cost rule of a field given as `Type.field`; undefined for a plain field (docs/gitlab.md §GraphQL complexity). */
export function costOf(coordinate: string): FieldCost | undefined {
  return COSTS.get(coordinate);
}
