import type { AccessTokenKind } from '../generated/resolvers.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { PageRequest, TokenHolder } from '../gitlab/client.ts';
import type { AccessTokenRecord, Page, SourceKind, SourceRef } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { AccessTokenNode, ConnectionOf, SourceNode, UserNode } from './nodes.ts';
import { pageSize } from './paging.ts';
import { markOf, pageOf, placeAfter } from './places.ts';
import { readSegments, type Segment, type SegmentPage } from './segments.ts';
import { filterMark, keeps, narrowing, wantsKind, type TokenFilter } from './token-filter.ts';
import { personHolder } from './token-holder.ts';
import { TOKEN_KIND, toToken, withBots, type ListedToken } from './to-token.ts';
import { accountsOfGroups } from './token-accounts.ts';
import { walkHolders, type Holders } from './token-walk.ts';

/** In the order of a list's segments. */
const KINDS: readonly AccessTokenKind[] = ['PERSONAL', 'GROUP', 'PROJECT'];

export type TokensArgs = { filter?: TokenFilter; first: number; after?: string | null };

/** A page of the access tokens of this very group or project. Throws the `GitLabError` of a refusal. */
export async function sourceTokens(
  loaders: Loaders,
  source: SourceNode,
  args: TokensArgs,
): Promise<ConnectionOf<AccessTokenNode>> {
  const { kind, id } = source;
  const wanted = wantsKind(args.filter, TOKEN_KIND[kind]);
  const segments = wanted ? [sourceSegment(loaders, { kind, id }, args.filter, source)] : [];
  return readTokens(loaders, [kind, id], args, segments);
}

/**
 * A page of a user's access tokens: personal ones, or those of a bot. Throws FORBIDDEN where GitLab does not show them to this
 * connection, and any other failure as it is: no list is shorter than it is.
 */
export async function userTokens(
  loaders: Loaders,
  user: UserNode,
  args: TokensArgs,
): Promise<ConnectionOf<AccessTokenNode>> {
  pageSize(args.first);
  const holder = await personHolder(loaders, user);
  if (holder.kind !== 'group' && holder.kind !== 'project') {
    return readTokens(loaders, ['user', user.id], args, [personalSegment(loaders, holder, args.filter)]);
  }
  const isTheirs = (token: AccessTokenRecord): boolean => token.userId === user.id;
  return readTokens(loaders, ['user', user.id], args, [sourceSegment(loaders, holder, args.filter)], isTheirs);
}

/**
 * A page of the connection's access tokens: an administrator's are all of the instance; anybody else's its user's own, those
 * of the service accounts of its groups, of the groups that it owns, and of the projects that it maintains.
 */
export async function connectionTokens(loaders: Loaders, args: TokensArgs): Promise<ConnectionOf<AccessTokenNode>> {
  const { isAdmin, gitlabId } = loaders.connection.identity;
  if (isAdmin) return readTokens(loaders, ['all'], args, [personalSegment(loaders, { kind: 'instance' }, args.filter)]);
  const own = personalSegment(loaders, { kind: 'user', id: gitlabId }, args.filter);
  const walk = (name: string, holders: Holders): Segment<ListedToken> => ({
    name,
    newestFirst: false,
    read: async (page) => listed(await walkHolders(loaders, holders, { ...narrowing(args.filter), ...page })),
  });
  const managed = (kind: SourceKind) =>
    walk(kind, (page) => loaders.managedSources.load({ kind, topLevelOnly: false, ...page }));
  const segments = {
    PERSONAL: [own, walk('account', accountsOfGroups(loaders))],
    GROUP: [managed('group')],
    PROJECT: [managed('project')],
  };
  const wanted = KINDS.filter((kind) => wantsKind(args.filter, kind));
  return readTokens(
    loaders,
    ['reach'],
    args,
    wanted.flatMap((kind) => segments[kind]),
  );
}

async function readTokens(
  loaders: Loaders,
  of: readonly string[],
  { filter, first, after }: TokensArgs,
  segments: readonly Segment<ListedToken>[],
  isTheirs: ((token: AccessTokenRecord) => boolean) | null = null,
): Promise<ConnectionOf<AccessTokenNode>> {
  const { id: connectionId } = loaders.connection;
  const mark = markOf(connectionId, 'access tokens', of, filterMark(filter));
  const rules = [keeps(filter), isTheirs].filter((rule) => rule !== null);
  const all = rules.length === 0 && filter?.kinds == null;
  const slice = await readSegments<ListedToken>({
    segments,
    start: placeAfter(after, mark),
    first: pageSize(first),
    idOf: ({ record }) => record.id,
    keep: all ? null : (entry) => wantsKind(filter, kindOf(entry)) && rules.every((rule) => rule(entry.record)),
    ahead: false,
  });
  const counted = { ...slice, totalCount: all ? slice.totalCount : null };
  return pageOf(counted, { mark, after, toNode: (entry) => toToken(connectionId, entry) });
}

/** The tokens of a group or project. */
function sourceSegment(
  loaders: Loaders,
  holder: SourceRef,
  filter: TokenFilter,
  home: SourceNode | null = null,
): Segment<ListedToken> {
  const read = async (page: PageRequest) =>
    listed(await loaders.accessTokens.load({ holder, ...narrowing(filter), ...page }), home);
  return { name: '0', newestFirst: false, read };
}

/** Personal tokens, of which those of bots are told apart, since an administrator sees them there too. */
function personalSegment(loaders: Loaders, holder: TokenHolder, filter: TokenFilter): Segment<ListedToken> {
  const read = async (page: PageRequest): Promise<Page<ListedToken>> => {
    const found = await loaders.accessTokens.load({ holder, ...narrowing(filter), ...page });
    if (holder.kind === 'instance') await checkWhole(loaders, found.items);
    return { ...found, items: await withBots(loaders, found.items) };
  };
  return { name: '0', newestFirst: false, read };
}

/**
 * GitLab answers who is no administrator any more with its own tokens, as if they were all (docs/gitlab.md §access tokens). A page
 * of nobody else's is therefore believed only of an administrator.
 */
async function checkWhole(loaders: Loaders, records: readonly AccessTokenRecord[]): Promise<void> {
  const { gitlabId } = loaders.connection.identity;
  if (records.some(({ userId }) => userId !== gitlabId)) return;
  if (await loaders.client.probeAdmin(gitlabId)) return;
  throw new GitLabError(
    'FORBIDDEN',
    `The user of the connection "${loaders.connection.name}" is no administrator any more, or its token lacks the scope ` +
      'admin_mode: GitLab shows it no tokens of the instance. Test the connection, and save it again.',
  );
}

function kindOf({ record, bot }: ListedToken): AccessTokenKind {
  const place = record.source ?? bot?.source ?? null;
  return place === null ? 'PERSONAL' : TOKEN_KIND[place.kind];
}

function listed(page: SegmentPage<AccessTokenRecord>, home: SourceNode | null = null): SegmentPage<ListedToken> {
  return { ...page, items: page.items.map((record) => ({ record, bot: null, home })) };
}
