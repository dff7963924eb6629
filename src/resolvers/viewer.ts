import type { QueryResolvers } from '../generated/resolvers.ts';

/** `Query.viewer`: the caller as the key proved it. */
export const viewerQueries: Pick<QueryResolvers, 'viewer'> = {
  viewer: (_root, _args, { caller }) => caller,
};
