import type { NodeResolvers, QueryResolvers } from '../generated/resolvers.ts';
import { findToken } from './access-token.ts';
import { auditEventById } from './audit.ts';
import { fromGlobalId } from './global-id.ts';
import type { GlobalId } from './global-id.ts';
import type { AnyNode } from './nodes.ts';
import type { Context } from './services.ts';
import { toNodeOrNull } from './to-node.ts';

const OWN = ['Connection', 'Grant', 'Revocation', 'AuditEvent', 'Extraction'] as const;

/** `Query.node`: what a global id stands for, null where it is gone; its connection being gone too. */
export const nodeQueries: Pick<QueryResolvers, 'node'> = {
  node: (_root, { id }, context) => find(fromGlobalId(id, ...OWN, 'Group', 'Project', 'User', 'AccessToken'), context),
};

export const node: NodeResolvers = { __resolveType: (thing) => thing.__typename };

async function find(id: GlobalId, context: Context): Promise<AnyNode | null> {
  const { connections, grants, extraction } = context.services;
  switch (id.type) {
    case 'Connection':
      return typed('Connection', await connections.byId(id.id));
    case 'Grant':
      return typed('Grant', await grants.byId(id.id));
    case 'Revocation':
      return typed('Revocation', await grants.revocationById(id.id));
    case 'AuditEvent':
      return typed('AuditEvent', await auditEventById(context, id.id));
    case 'Extraction':
      return typed('Extraction', await extraction.byId(id.id));
    default:
      return (await connections.byId(id.connectionId)) === null ? null : findInGitLab(id, context);
  }
}

async function findInGitLab(
  id: GlobalId<'Group' | 'Project' | 'User' | 'AccessToken'>,
  context: Context,
): Promise<AnyNode | null> {
  const { connectionId, gitlabId } = id;
  const loaders = await context.loaders(connectionId);
  switch (id.type) {
    case 'Group':
      return typed('Group', toNodeOrNull(connectionId, await loaders.groupById.load(gitlabId)));
    case 'Project':
      return typed('Project', toNodeOrNull(connectionId, await loaders.projectById.load(gitlabId)));
    case 'User':
      return typed('User', toNodeOrNull(connectionId, await loaders.userById.load(gitlabId)));
    case 'AccessToken':
      return typed('AccessToken', await findToken(loaders, id));
  }
}

function typed<const N extends string, T extends object>(name: N, thing: T | null): (T & { __typename: N }) | null {
  return thing === null ? null : { ...thing, __typename: name };
}
