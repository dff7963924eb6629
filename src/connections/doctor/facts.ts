import { GitLabError } from '../../gitlab/errors.ts';
import type { ClientHealth, GitLabClient, GitLabClientFactory } from '../../gitlab/client.ts';
import type { CurrentUserRecord, MetadataRecord, TokenRecord, UserRecord } from '../../gitlab/records.ts';

/** An answer of GitLab or why there is none; undefined: not asked, because an earlier answer made it pointless. */
export type Answer<T> = { value: T } | { error: GitLabError } | undefined;

export type OwnGroup = Awaited<ReturnType<GitLabClient['ownGroups']>>[number];

/** All that the doctor sees. The checks are pure functions of this. */
export type Facts = {
  baseUrl: string;
  now: Date;
  token: Answer<TokenRecord>;
  user: Answer<CurrentUserRecord>;
  metadata: Answer<MetadataRecord>;
  /** Our user as GraphQL shows it: only there GitLab names the kind of account. Null: GraphQL does not show it. */
  account: Answer<UserRecord | null>;
  /** Whether a real administrator's GET is answered; asked only of administrators. */
  adminProbe: Answer<boolean>;
  groups: Answer<OwnGroup[]>;
  health: ClientHealth | null;
};

/** More groups than this are counted as "at least". */
export const GROUPS_LOOKED_AT = 100;

/** What the gateway needs for everything it does (docs/gitlab.md §tokens). */
export const NEEDED_SCOPE = 'api';

/**
 * Asks GitLab as little as answers every check: one call that proves the address and the token, then the rest at once.
 * Never rejects for what GitLab says or does not say. `client` is used and left open.
 */
export async function gather(client: GitLabClient, now: Date): Promise<Facts> {
  const token = await answer(client.tokenSelf());
  const asked = token && 'value' in token ? await askAll(client, token.value) : nothingAsked;
  return { baseUrl: client.baseUrl, now, token, ...asked, health: client.health() };
}

/** The facts where not even a client can be made: the outbound rules forbid the address. */
export function forbiddenAddress(baseUrl: string, now: Date, error: GitLabError): Facts {
  return { baseUrl, now, token: { error }, ...nothingAsked, health: null };
}

type Asked = Pick<Facts, 'user' | 'metadata' | 'account' | 'adminProbe' | 'groups'>;

const nothingAsked: Asked = {
  user: undefined,
  metadata: undefined,
  account: undefined,
  adminProbe: undefined,
  groups: undefined,
};

async function askAll(client: GitLabClient, token: TokenRecord): Promise<Asked> {
  const whole = token.scopes.includes(NEEDED_SCOPE);
  const [metadata, [user, adminProbe], account, groups] = await Promise.all([
    answer(client.metadata()),
    askUser(client, whole),
    whole ? answer(askAccount(client, token.userId)) : undefined,
    whole ? answer(client.ownGroups(GROUPS_LOOKED_AT)) : undefined,
  ]);
  return { user, metadata, account, adminProbe, groups };
}

async function askUser(client: GitLabClient, whole: boolean): Promise<[Facts['user'], Facts['adminProbe']]> {
  const user = await answer(client.currentUser());
  const admin = whole && user && 'value' in user && user.value.isAdmin ? user.value : null;
  return [user, admin ? await answer(client.probeAdmin(admin.id)) : undefined];
}

async function askAccount(client: GitLabClient, userId: string): Promise<UserRecord | null> {
  const found = (await client.usersById([userId])).get(userId) ?? null;
  if (found instanceof GitLabError) {
    throw found;
  }
  return found;
}

async function answer<T>(asked: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await asked };
  } catch (error) {
    if (error instanceof GitLabError) {
      return { error };
    }
    throw error;
  }
}

/** A client for one test of an address, or the refusal of the address. */
export function tryClient(
  clientFactory: GitLabClientFactory,
  target: { baseUrl: string; token: string },
): GitLabClient | GitLabError {
  try {
    return clientFactory(target);
  } catch (error) {
    if (error instanceof GitLabError) {
      return error;
    }
    throw error;
  }
}
