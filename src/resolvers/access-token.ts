import type { AccessTokenResolvers } from '../generated/resolvers.ts';
import { everyEntry } from '../gitlab/every-entry.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { GlobalId } from './global-id.ts';
import type { AccessTokenNode, ConnectionOf, SourceNode, UserNode } from './nodes.ts';
import type { Context } from './services.ts';
import { sourceTokens, type TokensArgs } from './token-lists.ts';
import { personHolder } from './token-holder.ts';
import { toNodeOrNull } from './to-node.ts';
import { toToken, withBots } from './to-token.ts';

/** A service account of one group has no more pages of tokens than this. */
const MOST_PAGES = 20;

/** Most fields stand ready in the node; these look again, and only when they are asked for. */
export const accessToken: AccessTokenResolvers = {
  user: async ({ connectionId, userId }, _args, context) => {
    const { userById } = await context.loaders(connectionId);
    return toNodeOrNull(connectionId, await userById.load(userId));
  },
  source: async (token, _args, context) => sourceOf(token, await context.loaders(token.connectionId)),
  createdBy: async (token, _args, context): Promise<UserNode | null> => {
    const { connectionId, botRow, userId } = token;
    if (botRow !== null) return toNodeOrNull(connectionId, botRow.createdBy);
    const loaders = await context.loaders(connectionId);
    const source = await sourceOf(token, loaders);
    if (source === null) return null;
    const row = await loaders.botRow.load({ source, userId });
    return toNodeOrNull(connectionId, row?.createdBy ?? null);
  },
};

/** `accessTokens` of a group or project. */
export async function accessTokens(
  source: SourceNode,
  args: TokensArgs,
  context: Context,
): Promise<ConnectionOf<AccessTokenNode>> {
  return sourceTokens(await context.loaders(source.connectionId), source, args);
}

/**
 * The token that a global id stands for, asked for where it was found: in its group or project, or by its user. Null: GitLab has
 * none such there; the `GitLabError` of a refusal is thrown.
 */
export async function findToken(
  loaders: Loaders,
  { connectionId, gitlabId, holder }: GlobalId<'AccessToken'>,
): Promise<AccessTokenNode | null> {
  if (holder.kind !== 'user') {
    const record = await loaders.client.accessToken({ kind: holder.kind, id: holder.id }, gitlabId);
    return record && toToken(connectionId, { record, bot: null, home: null });
  }
  const record = await personalToken(loaders, holder.id, gitlabId);
  if (record?.userId !== holder.id) return null;
  const [entry] = await withBots(loaders, [record]);
  return entry ? toToken(connectionId, entry) : null;
}

async function personalToken(loaders: Loaders, userId: string, gitlabId: string) {
  const { isAdmin, gitlabId: self } = loaders.connection.identity;
  if (isAdmin || userId === self) return loaders.client.accessToken({ kind: 'instance' }, gitlabId);
  const user = await loaders.userById.load(userId);
  if (user === null) return null;
  // GitLab lists the tokens of a group's service account and has no way to ask for one of them.
  const holder = await personHolder(loaders, user);
  const tokens = await everyEntry((page) => loaders.accessTokens.load({ holder, ...page }), MOST_PAGES);
  return tokens.find(({ id }) => id === gitlabId) ?? null;
}

async function sourceOf({ connectionId, place, home }: AccessTokenNode, loaders: Loaders): Promise<SourceNode | null> {
  if (place === null || home !== null) return home;
  return place.kind === 'group'
    ? toNodeOrNull(connectionId, await loaders.groupById.load(place.id))
    : toNodeOrNull(connectionId, await loaders.projectById.load(place.id));
}
