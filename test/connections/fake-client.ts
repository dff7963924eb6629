import type { GitLabClient } from '../../src/gitlab/client.ts';
import { GitLabError } from '../../src/gitlab/errors.ts';
import type { GitLabErrorCode, GitLabErrorDetails } from '../../src/gitlab/errors.ts';
import type {
  CurrentUserRecord,
  GroupRecord,
  MemberRecord,
  MetadataRecord,
  Page,
  TokenRecord,
  UserRecord,
} from '../../src/gitlab/records.ts';

export const NOW = new Date('2026-02-13T10:00:00Z');
export const BASE_URL = 'https://gitlab.example.com';

export type OwnGroup = Awaited<ReturnType<GitLabClient['ownGroups']>>[number];

/** What the fake GitLab answers: each a value, or the error to reject with. */
export type Script = {
  baseUrl: string;
  token: TokenRecord | GitLabError;
  user: CurrentUserRecord | GitLabError;
  metadata: MetadataRecord | GitLabError;
  account: UserRecord | null | GitLabError;
  admin: boolean | GitLabError;
  groups: OwnGroup[] | GitLabError;
  health: ReturnType<GitLabClient['health']>;
};

export type FakeClient = GitLabClient & { calls: string[]; closed: () => boolean };

export const refusal = (
  code: GitLabErrorCode,
  message = `GitLab says ${code}`,
  details: GitLabErrorDetails = {},
): GitLabError => new GitLabError(code, message, details);

export const group = (fullPath: string, accessLevel: number | null = 50, synced = false): OwnGroup => {
  const record: GroupRecord = {
    kind: 'group',
    id: String(fullPath.length * 7),
    fullPath,
    name: fullPath,
    visibility: 'PRIVATE',
    webUrl: `${BASE_URL}/groups/${fullPath}`,
    parentId: null,
  };
  return { group: record, accessLevel, topLevel: !fullPath.includes('/'), synced };
};

export const account: UserRecord = {
  id: '42',
  username: 'jit-bot',
  name: 'JIT Bot',
  kind: 'SERVICE_ACCOUNT',
  state: 'ACTIVE',
  avatarUrl: null,
  webUrl: `${BASE_URL}/jit-bot`,
};

export const token: TokenRecord = {
  id: '11',
  name: 'gateway',
  userId: '42',
  scopes: ['api'],
  active: true,
  revoked: false,
  createdAt: '2026-01-05T08:00:00.000Z',
  expiresAt: '2026-12-31',
  lastUsedAt: null,
};

/** A service account that is Owner of one top-level group, on a GitLab where all is well. */
export const healthy: Script = {
  baseUrl: BASE_URL,
  token,
  user: { ...account, isAdmin: false, bot: true },
  metadata: { version: '18.9.0-pre', revision: '6714c9136c2', enterprise: true },
  account,
  admin: true,
  groups: [group('acme')],
  health: { clockSkewMs: 120, rateLimit: null },
};

/** What a list of members shows when it is asked for the token's own user: that it is Owner there. */
const ownRowOnly: Page<MemberRecord> = {
  items: [
    { rowId: '1', user: account, accessLevel: 50, expiresAt: null, createdAt: null, createdBy: null, source: null },
  ],
  hasNextPage: false,
  endCursor: null,
  totalCount: null,
};

/** A client that answers from `script`, which may be changed between calls, and writes down what it was asked. */
export function fakeClient(script: Script): FakeClient {
  const calls: string[] = [];
  let closed = false;
  const say = <T>(call: string, answer: T | GitLabError): Promise<T> => {
    calls.push(call);
    return answer instanceof GitLabError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const unasked = (): never => {
    throw new Error('The connections module has no business asking this.');
  };
  const client: FakeClient = {
    baseUrl: script.baseUrl,
    calls,
    closed: () => closed,
    health: () => script.health,
    withPriority: () => client,
    forQueries: () => client,
    forget: () => undefined,
    tokenSelf: () => say('tokenSelf', script.token),
    rotateSelf: unasked,
    currentUser: () => say('currentUser', script.user),
    metadata: () => say('metadata', script.metadata),
    probeAdmin: () => say('probeAdmin', script.admin),
    ownGroups: () => say('ownGroups', script.groups),
    deletions: () => Promise.resolve(new Map()),
    usersById: async (ids) => new Map([[ids[0] ?? '', await say('usersById', script.account)]]),
    groupsByPath: unasked,
    groupsById: unasked,
    projectsByPath: unasked,
    projectsById: unasked,
    usersByUsername: unasked,
    members: async (queries) => {
      await say('members', null);
      return new Map(queries.map((query) => [query.key, ownRowOnly]));
    },
    memberships: unasked,
    groups: unasked,
    projects: unasked,
    users: unasked,
    subgroups: unasked,
    groupProjects: unasked,
    sourceDetail: unasked,
    directRows: unasked,
    allMembers: unasked,
    inForceOnProject: unasked,
    accessTokens: unasked,
    accessToken: unasked,
    bulk: unasked,
    managedSources: unasked,
    serviceAccounts: unasked,
    deployTokens: unasked,
    deployKeys: unasked,
    accessRequests: () => Promise.resolve([]),
    pendingApprovals: () => Promise.resolve([]),
    addMember: unasked,
    changeMember: unasked,
    removeMember: unasked,
    removalWaitMs: () => null,
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
  return client;
}
