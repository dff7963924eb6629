import type { ConnectionResolvers } from '../generated/resolvers.ts';
import { grantsPage } from './grant-page.ts';
import { readList, readNamed } from './reach.ts';
import { toNodeOrNull } from './to-node.ts';
import { connectionTokens } from './token-lists.ts';

type Reads = Pick<
  ConnectionResolvers,
  'group' | 'groups' | 'project' | 'projects' | 'user' | 'users' | 'accessTokens' | 'grants'
>;

/** What is read through a connection: look-ups answer beyond its reach, lists show the reach (an administrator's: the instance). */
export const connectionReads: Reads = {
  group: async ({ id }, { fullPath }, context) => {
    const loaders = await context.loaders(id);
    return toNodeOrNull(id, await loaders.groupByPath.load(fullPath));
  },
  groups: async ({ id, identity }, { fullPaths, ...args }, context) => {
    const { client, groupByPath } = await context.loaders(id);
    if (fullPaths) {
      return readNamed({
        connectionId: id,
        argument: 'fullPaths',
        names: fullPaths,
        loader: groupByPath,
        others: args,
      });
    }
    const asked = { search: args.search ?? null, topLevelOnly: args.topLevelOnly, wholeInstance: identity.isAdmin };
    return readList({
      connectionId: id,
      about: ['groups', asked],
      asked: args,
      read: (page) => client.groups({ ...asked, ...page }),
    });
  },
  project: async ({ id }, { fullPath }, context) => {
    const loaders = await context.loaders(id);
    return toNodeOrNull(id, await loaders.projectByPath.load(fullPath));
  },
  projects: async ({ id, identity }, { fullPaths, ...args }, context) => {
    const { client, projectByPath } = await context.loaders(id);
    if (fullPaths) {
      const names = fullPaths;
      return readNamed({ connectionId: id, argument: 'fullPaths', names, loader: projectByPath, others: args });
    }
    const asked = { search: args.search ?? null, wholeInstance: identity.isAdmin };
    return readList({
      connectionId: id,
      about: ['projects', asked],
      asked: args,
      read: (page) => client.projects({ ...asked, ...page }),
    });
  },
  user: async ({ id }, { username }, context) => {
    const loaders = await context.loaders(id);
    return toNodeOrNull(id, await loaders.userByUsername.load(username));
  },
  users: async ({ id, identity }, { usernames, ...args }, context) => {
    const { client, userByUsername } = await context.loaders(id);
    if (usernames) {
      const names = usernames;
      return readNamed({ connectionId: id, argument: 'usernames', names, loader: userByUsername, others: args });
    }
    const asked = { search: args.search ?? null, wholeInstance: identity.isAdmin };
    return readList({
      connectionId: id,
      about: ['users', asked],
      asked: args,
      read: (page) => client.users({ ...asked, ...page }),
    });
  },
  accessTokens: async ({ id }, args, context) => connectionTokens(await context.loaders(id), args),
  grants: ({ id }, args, context) => grantsPage(context, args, { connectionId: id }),
};
