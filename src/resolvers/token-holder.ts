import type { TokenHolder } from '../gitlab/client.ts';
import { GitLabError, type GitLabErrorCode } from '../gitlab/errors.ts';
import type { SourceRef, UserRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { botPlace } from './to-token.ts';

/** Top-level groups that are asked whether a service account is theirs. */
const MOST_GROUPS = 20;

/** GitLab's words for "not one of this group's", "not licensed" and "not in this version" (docs/gitlab.md §service accounts). */
const NOT_THERE: ReadonlySet<GitLabErrorCode> = new Set([
  'USER_NOT_FOUND',
  'SOURCE_NOT_FOUND',
  'NOT_FOUND',
  'FORBIDDEN',
  'NO_SUCH_ENDPOINT',
]);

/**
 * Where GitLab lists a user's access tokens for this connection: an administrator's and one's own by the user, a service account's
 * by the group that made it, a bot's among those of its group or project. Throws FORBIDDEN where it does not.
 */
export async function personHolder(loaders: Loaders, user: UserRecord): Promise<TokenHolder> {
  const { isAdmin, gitlabId } = loaders.connection.identity;
  if (isAdmin || user.id === gitlabId) return { kind: 'user', id: user.id };
  const holder =
    user.kind === 'SERVICE_ACCOUNT'
      ? await accountHolder(loaders, user)
      : user.kind === 'TOKEN_BOT'
        ? await botSource(loaders, user)
        : null;
  if (holder !== null) return holder;
  throw new GitLabError('FORBIDDEN', refusal(loaders, user));
}

function refusal(loaders: Loaders, { kind, username }: UserRecord): string {
  const others = {
    SERVICE_ACCOUNT: ', and where licensed the Owners of the top-level group that made it,',
    TOKEN_BOT: ', and those who manage its group or project,',
    HUMAN: '',
    OTHER: '',
  }[kind];
  return (
    `Only administrators and that user${others} are shown the access tokens of ${username}, and the user of the connection ` +
    `"${loaders.connection.name}" is none of these. Ask through an administrator's connection.`
  );
}

/** The generated name of a service account tells the group that made it; a name of its own does not, so groups are tried. */
async function accountHolder(loaders: Loaders, { id, username }: UserRecord): Promise<TokenHolder | null> {
  const named = /^service_account_group_([1-9]\d*)_/.exec(username)?.[1];
  if (named !== undefined && (await isOf(loaders, id, named))) return { kind: 'account', id, groupId: named };
  const asked = { kind: 'group' as const, topLevelOnly: true, first: MOST_GROUPS, after: null };
  const { items } = await loaders.managedSources.load(asked);
  const groups = items.filter((group) => group.id !== named);
  const theirs = await Promise.all(groups.map((group) => isOf(loaders, id, group.id)));
  const groupId = groups[theirs.indexOf(true)]?.id;
  return groupId === undefined ? null : { kind: 'account', id, groupId };
}

async function isOf(loaders: Loaders, id: string, groupId: string): Promise<boolean> {
  try {
    await loaders.accessTokens.load({ holder: { kind: 'account', id, groupId }, first: 1, after: null });
    return true;
  } catch (error) {
    if (error instanceof GitLabError && NOT_THERE.has(error.code)) return false;
    throw error;
  }
}

/** By its row, or by the name that GitLab gave it where the row is not shown (docs/gitlab.md §tokens). */
async function botSource(loaders: Loaders, user: UserRecord): Promise<SourceRef | null> {
  const place = await botPlace(loaders, user).catch((error: unknown) => {
    if (error instanceof GitLabError && error.code === 'FORBIDDEN') return null;
    throw error;
  });
  if (place !== null) return place.source;
  const [, kind, id] = /^(group|project)_([1-9]\d*)_bot/.exec(user.username) ?? [];
  if (id === undefined) return null;
  return { kind: kind === 'group' ? 'group' : 'project', id };
}
