import type { QueryResolvers, RevocationResolvers } from '../generated/resolvers.ts';
import { toGlobalId } from './global-id.ts';
import { ledgerPage, toConnection } from './paging.ts';
import { targetAt, userAt } from './place-nodes.ts';

/** `Query.revocations`, newest first. */
export const revocationQueries: Pick<QueryResolvers, 'revocations'> = {
  revocations: async (_root, { pendingOnly, ...page }, { services }) => {
    const found = await services.grants.revocations({ pendingOnly }, ledgerPage(page));
    return toConnection(found.rows, ({ id }) => id, found);
  },
};

export const revocation: RevocationResolvers = {
  id: ({ id }) => toGlobalId('Revocation', id),
  connection: ({ connectionId }, _args, { services }) =>
    connectionId === null ? null : services.connections.byId(connectionId),
  user: (row, _args, context) => userAt(row, context),
  username: ({ user }) => user.username,
  target: (row, _args, context) => targetAt(row, context),
  targetPath: ({ source }) => source.path,
};
