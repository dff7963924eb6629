import type { ProjectResolvers } from '../generated/resolvers.ts';
import { accessTokens } from './access-token.ts';
import { nodeGlobalId } from './global-id.ts';
import { ofNode } from './of-node.ts';
import { access, members } from './source.ts';
import { toNodeOrNull } from './to-node.ts';
import { groupAbove } from './tree.ts';

export const project: ProjectResolvers = {
  id: ofNode((node) => nodeGlobalId('Project', node)),
  gitlabId: ofNode(({ id }) => id),
  group: async (source, _args, context) => {
    const { connectionId } = source;
    return toNodeOrNull(connectionId, await groupAbove(await context.loaders(connectionId), source));
  },
  members,
  access,
  accessTokens,
};
