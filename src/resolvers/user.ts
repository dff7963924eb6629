import type { UserResolvers } from '../generated/resolvers.ts';
import { nodeGlobalId } from './global-id.ts';
import { grantsPage } from './grant-page.ts';
import { readMemberships } from './memberships.ts';
import { ofNode } from './of-node.ts';
import { userTokens } from './token-lists.ts';

export const user: UserResolvers = {
  id: ofNode((node) => nodeGlobalId('User', node)),
  gitlabId: ofNode(({ id }) => id),
  memberships: async (person, args, context) =>
    readMemberships(await context.loaders(person.connectionId), person, args),
  accessTokens: async (person, args, context) => userTokens(await context.loaders(person.connectionId), person, args),
  grants: async ({ connectionId, id }, args, context) => {
    const { connection } = await context.loaders(connectionId);
    return grantsPage(context, args, { userId: id, instanceId: connection.instanceId });
  },
};
