import type { GroupResolvers } from '../generated/resolvers.ts';
import type { PageRequest } from '../gitlab/client.ts';
import { accessTokens } from './access-token.ts';
import { nodeGlobalId } from './global-id.ts';
import { ofNode } from './of-node.ts';
import { readList } from './reach.ts';
import { access, members } from './source.ts';
import { toNode, toNodeOrNull } from './to-node.ts';
import { groupAbove, groupsAbove } from './tree.ts';

export const group: GroupResolvers = {
  id: ofNode((node) => nodeGlobalId('Group', node)),
  gitlabId: ofNode(({ id }) => id),
  parent: async (source, _args, context) => {
    const { connectionId } = source;
    return toNodeOrNull(connectionId, await groupAbove(await context.loaders(connectionId), source));
  },
  ancestors: async (source, _args, context) => {
    const { connectionId } = source;
    const above = await groupsAbove(await context.loaders(connectionId), source);
    return above.map((record) => toNode(connectionId, record));
  },
  subgroups: async ({ connectionId, id, fullPath }, asked, context) => {
    const { client } = await context.loaders(connectionId);
    const read = (page: PageRequest) => client.subgroups({ id, fullPath }, page);
    return readList({ connectionId, about: ['subgroups', id], asked, read });
  },
  projects: async ({ connectionId, id, fullPath }, asked, context) => {
    const { client } = await context.loaders(connectionId);
    const read = (page: PageRequest) => client.groupProjects({ id, fullPath }, page);
    return readList({ connectionId, about: ['group projects', id], asked, read });
  },
  members,
  access,
  accessTokens,
};
