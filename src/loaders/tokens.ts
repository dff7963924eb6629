import type { GitLabClient, MembersQuery, PageRequest, TokenHolder, TokensQuery } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type {
  AccessTokenRecord,
  MemberRecord,
  Page,
  ServiceAccountRecord,
  SourceKind,
  SourceRef,
} from '../gitlab/records.ts';
import { batchLoader, type KeyLoader } from './batch.ts';
import { rowKey, sourceKey } from './exact.ts';

/** A page of somebody's access tokens. */
export type TokensQuestion = TokensQuery & { holder: TokenHolder };

/** A page of the groups, or projects, whose tokens the connection's user may see. */
export type ManagedQuestion = PageRequest & { kind: SourceKind; topLevelOnly: boolean };

/** A page of the service accounts that a group made. */
export type AccountsQuestion = PageRequest & { groupId: string };

/** A bot of a group or project; `fullPath` serves versions that cannot address by id. */
export type BotKey = { source: SourceRef & { fullPath: string }; userId: string };

/** GitLab shows this many people of a list at once. */
const PEOPLE = 100;

export type TokenLoaders = {
  /** GitLab has a list for each holder and none for several: one call each, and none is asked the same twice. */
  readonly accessTokens: KeyLoader<TokensQuestion, Page<AccessTokenRecord>>;
  readonly managedSources: KeyLoader<ManagedQuestion, Page<SourceRef>>;
  readonly serviceAccounts: KeyLoader<AccountsQuestion, Page<ServiceAccountRecord>>;
  /** The direct row of a token's bot, which tells who made the token; null: none is shown. */
  readonly botRow: KeyLoader<BotKey, MemberRecord | null>;
};

/** Makes the loaders for access tokens of one request and connection. */
export function tokenLoaders(client: GitLabClient): TokenLoaders {
  return {
    accessTokens: eachByItself(({ holder, ...query }) => client.accessTokens(holder, query)),
    managedSources: eachByItself((question) => client.managedSources(question)),
    serviceAccounts: eachByItself(({ groupId, ...page }) => client.serviceAccounts(groupId, page)),
    botRow: batchLoader<BotKey, MemberRecord | null>({ cacheKey: rowKey, read: (keys) => readBotRows(client, keys) }),
  };
}

/** A loader of questions that GitLab takes one by one. They are asked together; a failure is that of its own question. */
function eachByItself<Q extends object, A>(ask: (question: Q) => Promise<A>): KeyLoader<Q, A> {
  const nameOf = (question: Q): string => JSON.stringify(Object.entries(question).sort(([a], [b]) => (a < b ? -1 : 1)));
  return batchLoader<Q, A>({
    cacheKey: nameOf,
    read: async (questions) =>
      new Map(
        await Promise.all(
          questions.map(async (question) => [nameOf(question), await ask(question).catch(asGitLabError)] as const),
        ),
      ),
  });
}

/** The bots of one source are asked for together, and all sources of a tick in as few calls as GitLab's limits allow. */
async function readBotRows(
  client: GitLabClient,
  keys: readonly BotKey[],
): Promise<Map<string, MemberRecord | null | GitLabError>> {
  const asked = [...Map.groupBy(keys, ({ source }) => sourceKey(source)).values()].flatMap(questionsAbout);
  const pages = await client.members(asked.map(({ query }) => query));
  return new Map(
    asked.flatMap(({ query, keys: bots }) => {
      const page = pages.get(query.key) ?? null;
      return bots.map((bot) => [rowKey(bot), rowIn(page, bot.userId)] as const);
    }),
  );
}

function questionsAbout(keys: readonly BotKey[]): { query: MembersQuery; keys: readonly BotKey[] }[] {
  const parts = Array.from({ length: Math.ceil(keys.length / PEOPLE) }, (_, part) =>
    keys.slice(part * PEOPLE, (part + 1) * PEOPLE),
  );
  return parts.flatMap((bots) => {
    const [first] = bots;
    if (first === undefined) return [];
    const { id, kind, fullPath } = first.source;
    const userIds = bots.map(({ userId }) => userId);
    const key = `${rowKey(first)}+${String(bots.length)}`;
    const relations = ['DIRECT'] as const;
    const query = { key, id, kind, fullPath, relations, search: null, userIds, first: PEOPLE, after: null };
    return [{ query, keys: bots }];
  });
}

function rowIn(page: Page<MemberRecord> | null | GitLabError, userId: string): MemberRecord | null | GitLabError {
  if (page === null || page instanceof GitLabError) return page;
  return page.items.find(({ user }) => user.id === userId) ?? null;
}

function asGitLabError(error: unknown): GitLabError {
  if (error instanceof GitLabError) return error;
  throw error;
}
