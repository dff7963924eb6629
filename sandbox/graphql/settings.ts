/** What tests may change in the GraphQL side at any time. */
export interface GraphQLSettings {
  /** Complexity limits by who asks. */
  complexity: { anonymous: number; user: number; admin: number };
  /** Depth limits by who asks. */
  depth: { anonymous: number; user: number };
  /** `Type.field` whose execution runs out of time: null with GitLab's timeout error. */
  timeouts: Set<string>;
}

/** GitLab 18's limits (docs/gitlab.md §GraphQL complexity). */
export function defaultGraphQLSettings(): GraphQLSettings {
  return {
    complexity: { anonymous: 200, user: 250, admin: 300 },
    depth: { anonymous: 15, user: 20 },
    timeouts: new Set(),
  };
}
