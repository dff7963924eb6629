import { GitLabError } from '../gitlab/errors.ts';
import type { SourceNode, UserNode } from './nodes.ts';
import type { Context } from './services.ts';
import { toNodeOrNull } from './to-node.ts';

/** Where a grant or revocation of ours is, by GitLab's numbers. */
export type Place = {
  connectionId: string | null;
  source: { kind: 'group' | 'project'; id: string };
  user: { id: string };
};

/** The person; null where the connection is gone or GitLab does not show the user. */
export async function userAt(place: Place, context: Context): Promise<UserNode | null> {
  const { connectionId, user } = place;
  if (connectionId === null) return null;
  const loaders = await context.loaders(connectionId);
  return toNodeOrNull(connectionId, await loaders.userById.load(user.id));
}

/** The group or project; null where the connection is gone or GitLab does not show it. */
export async function targetAt(
  { connectionId, source }: Pick<Place, 'connectionId' | 'source'>,
  context: Context,
): Promise<SourceNode | null> {
  if (connectionId === null) return null;
  const loaders = await context.loaders(connectionId);
  return source.kind === 'group'
    ? toNodeOrNull(connectionId, await loaders.groupById.load(source.id))
    : toNodeOrNull(connectionId, await loaders.projectById.load(source.id));
}

/** As `targetAt`, for reports that must not fail with GitLab: null also where it cannot be asked. */
export async function targetAtIfReadable(place: Place, context: Context): Promise<SourceNode | null> {
  try {
    return await targetAt(place, context);
  } catch (error) {
    if (error instanceof GitLabError) return null;
    throw error;
  }
}
