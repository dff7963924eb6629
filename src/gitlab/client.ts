import type { BulkReads } from './bulk/records.ts';
import type { GitLabError } from './errors.ts';
import type { GitLabChange } from './read-cache.ts';
import type {
  AccessTokenRecord,
  CurrentUserRecord,
  DeployKeyRecord,
  DeployTokenRecord,
  DirectRow,
  GroupRecord,
  MemberRecord,
  MetadataRecord,
  Page,
  PendingApproval,
  ProjectRecord,
  SourceDeletion,
  SourceDetail,
  SourceKind,
  SourceRef,
  RotatedToken,
  ServiceAccountRecord,
  TokenRecord,
  UserRecord,
} from './records.ts';

/** One result per key, by key: a value, null (GitLab shows no such thing to this token), or why it could not be read. */
export type ByKey<T> = Map<string, T | null | GitLabError>;

export type PageRequest = { first: number; after: string | null };

export type GroupRelation = 'DIRECT' | 'INHERITED' | 'DESCENDANTS' | 'SHARED_FROM_GROUPS';
export type ProjectRelation = 'DIRECT' | 'INHERITED' | 'DESCENDANTS' | 'INVITED_GROUPS' | 'SHARED_INTO_ANCESTORS';

/** `fullPath` serves versions that cannot address by id. `key` is the caller's own name for the question. */
export type MembersQuery = PageRequest & {
  key: string;
  search: string | null;
  /** Only these users' rows (numeric ids). */
  userIds: readonly string[] | null;
} & (
    | { kind: 'group'; id: string; fullPath: string; relations: readonly GroupRelation[] }
    | { kind: 'project'; id: string; fullPath: string; relations: readonly ProjectRelation[] }
  );

/** What a write must say: level and custom role always go together (`null`: no custom role). */
export type RoleWrite = { accessLevel: number; memberRoleId: string | null };

/** `queued`: GitLab keeps it for an administrator's approval and granted nothing (202). */
export type AddOutcome = 'sent' | 'queued';

/** A list in the connection's reach: an administrator's is the instance, anybody else's the groups the user is a member of and all below. */
export type ListQuery = PageRequest & { search: string | null };

/** `userIds`: only these people (at most 100). */
export type AllMembersQuery = ListQuery & { userIds: readonly string[] | null };

/**
 * Whose access tokens: a group's or project's own, the personal ones that the token's user is shown (an administrator: everybody's,
 * bots' among them), a user's, or those of a service account, which Owners of the group that made it are shown as well.
 */
export type TokenHolder =
  SourceRef | { kind: 'instance' } | { kind: 'user'; id: string } | { kind: 'account'; id: string; groupId: string };

/**
 * A page of access tokens. The filters only narrow what is read: an older GitLab ignores some, so look at each row again.
 * `expiresBefore` is a date; a day or moment named is itself in or out as GitLab has it.
 */
export type TokensQuery = PageRequest & {
  activeOnly?: boolean;
  expiresBefore?: string | null;
  createdBefore?: Date | null;
  createdAfter?: Date | null;
};

/** What each answer tells beside its body. */
export type ClientHealth = {
  /** GitLab's clock less ours at the last answer, from the `Date` header. */
  clockSkewMs: number | null;
  rateLimit: { limit: number; remaining: number; resetAt: Date } | null;
};

/** Which share of the connection's budget a call draws on. */
export type CallPriority = 'revoke' | 'grant' | 'query' | 'extraction';

/**
 * All that the gateway asks of one GitLab, whichever API answers. Reads by many keys become as few calls as GitLab's limits
 * allow; every promise rejects with a `GitLabError` only. Reads are retried; writes never are.
 */
export type GitLabClient = {
  readonly baseUrl: string;
  health(): ClientHealth;
  /** The same client, drawing on another share of the budget. */
  withPriority(priority: CallPriority): GitLabClient;
  /**
   * The same client for people's queries: equal reads at the same time share one call, and an answer may serve again for a short
   * while; `onReuse` is then told how old it is. Never for a decision about access.
   */
  forQueries(onReuse?: (ageMs: number) => void): GitLabClient;
  /** GitLab is said to have changed there: what queries were told before does not serve again. */
  forget(change: GitLabChange): void;

  // --- who we are (REST) ---
  tokenSelf(): Promise<TokenRecord>;
  /** Replaces this client's token by one that ends on the date; the client is of no use afterwards. Sent once, never again. */
  rotateSelf(expiresAt: string): Promise<RotatedToken>;
  currentUser(): Promise<CurrentUserRecord>;
  metadata(): Promise<MetadataRecord>;
  /** Tries a real administrator's GET: false when GitLab answers 403 to it. */
  probeAdmin(userId: string): Promise<boolean>;
  /** Groups in which the token's own user holds a role, top-level first, with that role (up to `limit`). */
  ownGroups(
    limit: number,
  ): Promise<{ group: GroupRecord; accessLevel: number | null; topLevel: boolean; synced: boolean }[]>;

  // --- by key (GraphQL, packed) ---
  groupsByPath(fullPaths: readonly string[]): Promise<ByKey<GroupRecord>>;
  groupsById(ids: readonly string[]): Promise<ByKey<GroupRecord>>;
  projectsByPath(fullPaths: readonly string[]): Promise<ByKey<ProjectRecord>>;
  projectsById(ids: readonly string[]): Promise<ByKey<ProjectRecord>>;
  /** Also finds blocked people. Keys are matched without regard to case. */
  usersByUsername(usernames: readonly string[]): Promise<ByKey<UserRecord>>;
  usersById(ids: readonly string[]): Promise<ByKey<UserRecord>>;
  /** When these groups or projects are deleted for good, by their own mark; null also where this version cannot tell. */
  deletions(kind: SourceKind, ids: readonly string[]): Promise<ByKey<SourceDeletion>>;
  /** One page for each question, keyed by `query.key`; null: this token may not read the source. */
  members(queries: readonly MembersQuery[]): Promise<ByKey<Page<MemberRecord>>>;
  /** Direct rows of people over all groups, or all projects, that this token may read, keyed by user id. */
  memberships(
    queries: readonly ({ key: string; userId: string; kind: 'group' | 'project' } & PageRequest)[],
  ): Promise<ByKey<Page<MemberRecord>>>;

  // --- lists ---
  groups(query: ListQuery & { topLevelOnly: boolean; wholeInstance: boolean }): Promise<Page<GroupRecord>>;
  projects(query: ListQuery & { wholeInstance: boolean }): Promise<Page<ProjectRecord>>;
  users(query: ListQuery & { wholeInstance: boolean }): Promise<Page<UserRecord>>;
  subgroups(group: { id: string; fullPath: string }, page: PageRequest): Promise<Page<GroupRecord>>;
  groupProjects(group: { id: string; fullPath: string }, page: PageRequest): Promise<Page<ProjectRecord>>;

  // --- everything, for an extraction ---
  bulk(): BulkReads;

  // --- exact (REST) ---
  sourceDetail(source: SourceRef): Promise<SourceDetail>;
  /** Direct rows of these users there, two for one user if GitLab holds two. An empty list proves that there is none. */
  directRows(source: SourceRef, userIds: readonly string[]): Promise<{ rows: DirectRow[]; readAt: Date }>;
  /**
   * Everybody who reaches the source by any way, one row a person: level, date and maker are those of the way that gives the most.
   * Also shows those who come by a private invited group that this token may not read; the row does not tell where it lives.
   */
  allMembers(source: SourceRef, query: AllMembersQuery): Promise<Page<DirectRow>>;
  /** Whether the person shows in the project's recalculated authorisations. */
  inForceOnProject(projectId: string, user: { id: string; username: string }): Promise<boolean>;
  /** Access tokens, the lowest number first, dead ones too. FORBIDDEN where GitLab refuses them, which is never an empty page. */
  accessTokens(holder: TokenHolder, query: TokensQuery): Promise<Page<AccessTokenRecord>>;
  /** One of a group's or project's tokens, or of the personal ones of `instance`; null: no such token is shown. */
  accessToken(holder: SourceRef | { kind: 'instance' }, id: string): Promise<AccessTokenRecord | null>;
  /** Groups that the token's user owns, or projects that it maintains, by its own rows: it may see the access tokens there. */
  managedSources(query: PageRequest & { kind: SourceKind; topLevelOnly?: boolean }): Promise<Page<SourceRef>>;
  /** Service accounts that this group made, the lowest number first. FORBIDDEN or NO_SUCH_ENDPOINT where GitLab is not licensed to tell. */
  serviceAccounts(groupId: string, page: PageRequest): Promise<Page<ServiceAccountRecord>>;
  /** Deploy tokens and deploy keys of this very group or project, however old. */
  deployTokens(source: SourceRef): Promise<DeployTokenRecord[]>;
  deployKeys(projectId: string): Promise<DeployKeyRecord[]>;
  /** User ids with a pending access request; null where this token may not read them. */
  accessRequests(source: SourceRef): Promise<string[] | null>;
  /**
   * What waits there for an administrator's approval (GraphQL). Null: GitLab keeps no such list, or does not show it to this token.
   * UNREADABLE where this version cannot be asked by number.
   */
  pendingApprovals(source: SourceRef): Promise<PendingApproval[] | null>;

  // --- writes (REST, one user a call, never retried, prove nothing) ---
  addMember(source: SourceRef, userId: string, role: RoleWrite & { expiresAt: string | null }): Promise<AddOutcome>;
  /** `expiresAt` undefined leaves the date alone; null clears it. */
  changeMember(source: SourceRef, userId: string, role: RoleWrite & { expiresAt?: string | null }): Promise<AddOutcome>;
  /** Always with `skip_subresources=true` and `unassign_issuables=false`. */
  removeMember(source: SourceRef, userId: string, options: { ifUnmodifiedSince: Date | null }): Promise<void>;
  /** How long GitLab takes no more removals there, as far as known, and nothing needs to be sent to learn it; null: not at all. */
  removalWaitMs(source: SourceRef): number | null;

  close(): Promise<void>;
};

export type GitLabClientOptions = {
  baseUrl: string;
  token: string;
  /** Our row id of the connection it is for, told with every call; left out for one that is not saved. */
  connectionId?: string;
  /** Told at once of every 401 and 403: the token, or the account behind it, may no longer work. */
  onRefused?: () => void;
};

/** Makes clients; the outbound rules, time-outs and clock are bound in it. Throws `GitLabError` HOST_NOT_ALLOWED for a forbidden address. */
export type GitLabClientFactory = (options: GitLabClientOptions) => GitLabClient;
