import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ConnectionRecord } from '../connections/records.ts';
import type { ConnectionTokenNode, GroupNode, ProjectNode, SourceNode, UserNode, MemberNode, AccessNode, AccessTokenNode, GrantNode, RevokeAccessNode, AuditEventNode, AnyNode } from '../resolvers/nodes.ts';
import type { Problem, Snapshot } from '../store/grants.ts';
import type { RevocationRow } from '../grants/service.ts';
import type { InsightNode, ReachPage, MembershipPage, DormantPage, ChangePage, RemovalNode } from '../resolvers/question-nodes.ts';
import type { ExtractionRow } from '../extraction/service.ts';
import type { Context } from '../resolvers/services.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A calendar date in ISO 8601, for example 2026-01-31. */
  Date: { input: string; output: string; }
  /** A point in time in ISO 8601, answered in UTC, for example 2026-01-31T15:04:05.000Z. */
  DateTime: { input: Date; output: Date | string; }
  /** A length of time in ISO 8601 with weeks, days, hours, minutes and seconds, for example PT2H. Years and months are refused. */
  Duration: { input: number; output: number; }
  /** An absolute web address, for example https://gitlab.example.com. */
  URL: { input: string; output: string; }
};

/** A user's effective membership of a group or project. */
export type Access = {
  /** The effective role; null for none, or one that is not known here. */
  readonly accessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of the effective role; 0 for no access. */
  readonly accessLevelValue: Scalars['Int']['output'];
  /** Every row that gives access. */
  readonly paths: ReadonlyArray<Member>;
  /** False when GitLab shows more access than the rows that we may read explain. */
  readonly pathsComplete: Scalars['Boolean']['output'];
  /** Whose access it is. */
  readonly user: User;
};

/** GitLab's roles, from the least to the most. More may be added; take an unknown one as no access. */
export type AccessLevel =
  /** Developer. */
  | 'DEVELOPER'
  /** Guest. */
  | 'GUEST'
  /** Maintainer. */
  | 'MAINTAINER'
  /** A row that gives no access to anything. */
  | 'MINIMAL_ACCESS'
  /** Owner. */
  | 'OWNER'
  /** Planner: beside the ladder, for planning work. */
  | 'PLANNER'
  /** Reporter. */
  | 'REPORTER'
  /** Security manager: beside the ladder, for security work. */
  | 'SECURITY_MANAGER';

/** One way to point at access. */
export type AccessRef =
  /** A grant: the membership goes back to what it was before. */
  { readonly grantId: Scalars['ID']['input']; readonly membership?: never; }
  |  /** A direct membership: it goes for good, and what stood there before any grant with it. */
  { readonly grantId?: never; readonly membership: MembershipRef; };

/**
 * A token with which one of GitLab's users uses its API. Tokens are only told of here, dead ones too; the value of one is never known
 * to the gateway, except that of its own.
 */
export type AccessToken = Node & {
  /** The role of its bot there; null for a personal one, and for a role that is not known here. */
  readonly accessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of that role; null for a personal one. */
  readonly accessLevelValue?: Maybe<Scalars['Int']['output']>;
  /** Whether it works: neither revoked nor past its end. It fails all the same while its user is blocked. */
  readonly active: Scalars['Boolean']['output'];
  /** When it was made. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who made a group's or project's token; null where GitLab does not tell, as for every personal one. */
  readonly createdBy?: Maybe<User>;
  /** The day on which it stops working, as that day begins in UTC; null: never. */
  readonly expiresAt?: Maybe<Scalars['Date']['output']>;
  /** GitLab's own number, which never changes. */
  readonly gitlabId: Scalars['ID']['output'];
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** Whose it is. */
  readonly kind: AccessTokenKind;
  /** When GitLab last noted a use, which it does some minutes apart; null: none so far. */
  readonly lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The name it was given. */
  readonly name: Scalars['String']['output'];
  /** Whether it was revoked before its end. */
  readonly revoked: Scalars['Boolean']['output'];
  /** What it may be used for. */
  readonly scopes: ReadonlyArray<Scalars['String']['output']>;
  /** The group or project whose token it is; null for a personal one. */
  readonly source?: Maybe<MembershipSource>;
  /** Who acts with it; a group or project token's bot. Null where GitLab does not show the user. */
  readonly user?: Maybe<User>;
};

/** A page of access tokens, the oldest first. */
export type AccessTokenConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<AccessTokenEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<AccessToken>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null with a filter, and where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One access token in a list. */
export type AccessTokenEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The access token itself. */
  readonly node: AccessToken;
};

/** What access tokens to keep: those that match every field given. */
export type AccessTokenFilter = {
  /** True: those that work. False: those that were revoked or are past their end. */
  readonly active?: InputMaybe<Scalars['Boolean']['input']>;
  /** Made after this moment. */
  readonly createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Made before this moment. */
  readonly createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** That stop working before this day, or did; never those without an end. */
  readonly expiringBefore?: InputMaybe<Scalars['Date']['input']>;
  /** Of these kinds. */
  readonly kinds?: InputMaybe<ReadonlyArray<AccessTokenKind>>;
  /** Made before this moment, and not used from then on, or never. */
  readonly unusedSince?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Whose an access token is. */
export type AccessTokenKind =
  /** A group's, with a bot that is a member of it. */
  | 'GROUP'
  /**
   * A user's own: a person's or a service account's. So shows, to an administrator, also the token of a bot that is a member nowhere
   * any more, and the one that an administrator made to act as a person.
   */
  | 'PERSONAL'
  /** A project's, with a bot that is a member of it. */
  | 'PROJECT';

/** One thing that happened. Events are chained by hash: none can be changed or taken out unseen. */
export type AuditEvent = Node & {
  /** What was done, for example GRANT_REQUESTED. */
  readonly action: Scalars['String']['output'];
  /** Who did it: a caller, or the gateway itself. */
  readonly actor: Scalars['String']['output'];
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
  /** The connection it is about; null: none, or deleted since. */
  readonly connection?: Maybe<Connection>;
  /** The grant it is about. */
  readonly grant?: Maybe<Grant>;
  /** The hash over this event and the hash of the one before. */
  readonly hash: Scalars['String']['output'];
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** Its place in the chain, from 1. */
  readonly sequence: Scalars['Int']['output'];
  /** What happened, in plain English. */
  readonly summary: Scalars['String']['output'];
};

/** A page of events. */
export type AuditEventConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<AuditEventEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<AuditEvent>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One event in a list. */
export type AuditEventEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The event itself. */
  readonly node: AuditEvent;
};

/** Which events to keep; they match every field that is given. */
export type AuditEventFilter = {
  /** Of this kind. */
  readonly action?: InputMaybe<Scalars['String']['input']>;
  /** Done by this actor. */
  readonly actor?: InputMaybe<Scalars['String']['input']>;
  /** About this connection. */
  readonly connectionId?: InputMaybe<Scalars['ID']['input']>;
  /** About this grant. */
  readonly grantId?: InputMaybe<Scalars['ID']['input']>;
  /** At this time or later. */
  readonly since?: InputMaybe<Scalars['DateTime']['input']>;
  /** Before this time. */
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Which extraction to end. */
export type CancelExtractionInput = {
  /** The extraction. */
  readonly extractionId: Scalars['ID']['input'];
  /** Makes a repeat of this call answer as the first did: any text of the caller's own, kept for 7 days. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** The outcome of `cancelExtraction`. */
export type CancelExtractionPayload = {
  /** The extraction; null where it was not ended. */
  readonly extraction?: Maybe<Extraction>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** How a check came out. */
export type CheckStatus =
  /** It does not work: a connection with such a check is not saved. */
  | 'FAIL'
  /** All is well. */
  | 'PASS'
  /** It could not be checked, since an earlier check failed or it does not apply. */
  | 'SKIP'
  /** It works, but somebody should look at it. */
  | 'WARN';

/** A GitLab that the gateway is connected to, with one token. */
export type Connection = Node & {
  /**
   * Access tokens. An administrator's connection answers every one of the instance, the lowest number first. Any other answers its own
   * user's, then those of the service accounts that this user's top-level groups made, where GitLab is licensed to tell, then those of the
   * groups that the user owns by a membership there or above, then those of the projects that it maintains. That is one call for each of
   * these, at most a hundred or so for a page, which may then be short though more follow. Other people's tokens are not among them: GitLab
   * shows those to administrators alone.
   */
  readonly accessTokens?: Maybe<AccessTokenConnection>;
  /** The address of the GitLab. */
  readonly baseUrl: Scalars['URL']['output'];
  /** When it was saved. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** What was read of this GitLab into the store, newest first, whatever became of it. */
  readonly extractions: ExtractionConnection;
  /** Grants of temporary access made through this connection, newest first. */
  readonly grants: GrantConnection;
  /** A group by its full path, also beyond the connection's reach; null where there is none that the token may see. */
  readonly group?: Maybe<Group>;
  /**
   * Groups within the connection's reach: an administrator's is the whole instance, anybody else's the groups that its user is a
   * member of and all below them. With `fullPaths`: those groups, one each that exists, in the order asked.
   */
  readonly groups?: Maybe<GroupConnection>;
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** Whom GitLab takes the gateway for. */
  readonly identity: ConnectionIdentity;
  /**
   * What the store holds of this GitLab since an extraction, to ask questions of: the latest run, or that of `asOf` or `run`. Null
   * where there is no such run.
   */
  readonly insight?: Maybe<Insight>;
  /** The GitLab behind it. */
  readonly instance: GitLabInstance;
  /** The newest extraction that is DONE; null where there is none. */
  readonly lastExtraction?: Maybe<Extraction>;
  /** The name that it goes by, unique whatever the case. */
  readonly name: Scalars['String']['output'];
  /** A project by its full path, also beyond the connection's reach; null where there is none that the token may see. */
  readonly project?: Maybe<Project>;
  /** Projects within the connection's reach. With `fullPaths`: those projects, one each that exists, in the order asked. */
  readonly projects?: Maybe<ProjectConnection>;
  /** The last test that was kept. */
  readonly report: ConnectionReport;
  /** Whether its token works. */
  readonly status: ConnectionStatus;
  /** Why it is DEGRADED; null while it is CONNECTED. */
  readonly statusReason?: Maybe<Scalars['String']['output']>;
  /** What is known of the token; never the token itself. */
  readonly token: ConnectionToken;
  /** When it was last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
  /** A user by username, blocked people too; null where there is none. */
  readonly user?: Maybe<User>;
  /** Users within the connection's reach. With `usernames`: those users, one each that exists, in the order asked. */
  readonly users?: Maybe<UserConnection>;
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionAccessTokensArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccessTokenFilter>;
  first?: Scalars['Int']['input'];
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionExtractionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionGrantsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<GrantFilter>;
  first?: Scalars['Int']['input'];
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionGroupArgs = {
  fullPath: Scalars['ID']['input'];
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionGroupsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  fullPaths?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  search?: InputMaybe<Scalars['String']['input']>;
  topLevelOnly?: Scalars['Boolean']['input'];
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionInsightArgs = {
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
  run?: InputMaybe<Scalars['Int']['input']>;
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionProjectArgs = {
  fullPath: Scalars['ID']['input'];
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionProjectsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  fullPaths?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  search?: InputMaybe<Scalars['String']['input']>;
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionUserArgs = {
  username: Scalars['String']['input'];
};


/** A GitLab that the gateway is connected to, with one token. */
export type ConnectionUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  search?: InputMaybe<Scalars['String']['input']>;
  usernames?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** One check of a connection. */
export type ConnectionCheck = {
  /** What was checked. */
  readonly code: ConnectionCheckCode;
  /** What was seen. */
  readonly message: Scalars['String']['output'];
  /** What to do about it; null where there is nothing to do. */
  readonly remedy?: Maybe<Scalars['String']['output']>;
  /** How it came out. */
  readonly status: CheckStatus;
};

/** What is checked of a connection. More may be added. */
export type ConnectionCheckCode =
  /** The user is an administrator of the instance. */
  | 'ADMINISTRATOR'
  /** The token may use its administrator's rights where GitLab asks for admin mode. */
  | 'ADMIN_MODE'
  /** The clocks of GitLab and the gateway agree. */
  | 'CLOCK_SKEW'
  /** Memberships are not kept by LDAP or SAML. */
  | 'EXTERNAL_SYNC'
  /** The token belongs to a service account or a dedicated user. */
  | 'IDENTITY'
  /** A GitLab answers there. */
  | 'IS_GITLAB'
  /** The user is an owner of the groups it reaches. */
  | 'OWNER_ROLE'
  /** GitLab leaves enough calls to work with. */
  | 'RATE_BUDGET'
  /** There are groups that the user reaches. */
  | 'REACH'
  /** The address can be reached. */
  | 'REACHABLE'
  /** The connection is encrypted and the certificate is trusted. */
  | 'TLS'
  /** The token does not end soon. */
  | 'TOKEN_EXPIRY'
  /** The token may be used for the API. */
  | 'TOKEN_SCOPE'
  /** GitLab knows the token and takes it. */
  | 'TOKEN_VALID'
  /** The version of GitLab is supported. */
  | 'VERSION';

/** The GitLab user that a token belongs to. */
export type ConnectionIdentity = {
  /** GitLab's number of the user. */
  readonly gitlabId: Scalars['ID']['output'];
  /** Whether it is an administrator of the instance. */
  readonly isAdmin: Scalars['Boolean']['output'];
  /** What kind of user it is. */
  readonly kind: IdentityKind;
  /** The name for people. */
  readonly name: Scalars['String']['output'];
  /** The username. */
  readonly username: Scalars['String']['output'];
};

/** The outcome of a test of a connection. */
export type ConnectionReport = {
  /** When it was made. */
  readonly checkedAt: Scalars['DateTime']['output'];
  /** Every check, in the order in which they were made. */
  readonly checks: ReadonlyArray<ConnectionCheck>;
  /** Whether no check failed. */
  readonly passed: Scalars['Boolean']['output'];
};

/** Whether a connection's token works. */
export type ConnectionStatus =
  /** The token works. */
  | 'CONNECTED'
  /** GitLab no longer accepts the token: nothing can be read, granted or taken back until it is replaced. */
  | 'DEGRADED';

/** What is known of a connection's token. */
export type ConnectionToken = {
  /** When it was made. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** Whole days until then, below zero once past; null: never. */
  readonly daysLeft?: Maybe<Scalars['Int']['output']>;
  /** The day on which it stops working; null: never. */
  readonly expiresAt?: Maybe<Scalars['Date']['output']>;
  /** When GitLab last saw it used. */
  readonly lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The name it has in GitLab. */
  readonly name: Scalars['String']['output'];
  /** What it may be used for. */
  readonly scopes: ReadonlyArray<Scalars['String']['output']>;
};

/** A connection to delete. */
export type DeleteConnectionInput = {
  /** The connection to delete. */
  readonly connectionId: Scalars['ID']['input'];
  /** What becomes of the grants and revocations that stand on it. */
  readonly grants?: StandingGrants;
  /** A key of the caller's own making: the same call with the same key, within seven days, happens once. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Why, for the audit; needed to end or abandon what stands. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** What deleting a connection came to. */
export type DeleteConnectionPayload = {
  /** The global id of the deleted connection; null when it was not deleted. */
  readonly deletedConnectionId?: Maybe<Scalars['ID']['output']>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Somebody without activity who holds a role. */
export type DormantHolder = {
  /** How many such rows there are. */
  readonly membershipCount: Scalars['Int']['output'];
  /** Up to 20 rows of the role asked for or a higher one, the highest first. */
  readonly memberships: ReadonlyArray<ExtractedMembership>;
  /** Who it is, with the day of the last activity. */
  readonly user: ExtractedUser;
};

/** A page of people without activity. */
export type DormantHolderConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<DormantHolderEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<DormantHolder>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; counted when asked for. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
  /** How many things that the run could not read may hide something of this list. */
  readonly unknownSources: Scalars['Int']['output'];
};

/** One of the people in a list. */
export type DormantHolderEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The person with the rows. */
  readonly node: DormantHolder;
};

/** A new end for a grant: exactly one of `duration` and `expiresAt`. */
export type ExtendGrantInput = {
  /** How much longer, added to its end. */
  readonly duration?: InputMaybe<Scalars['Duration']['input']>;
  /** Its new end. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The grant. */
  readonly grantId: Scalars['ID']['input'];
  /** A key of the caller's own making: the same call with the same key, within seven days, happens once. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Why it shall last until then. */
  readonly reason: Scalars['String']['input'];
};

/** What extending a grant came to. */
export type ExtendGrantPayload = {
  /** The grant with its new end; null when it was refused. */
  readonly grant?: Maybe<Grant>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A direct membership as a run saw it. */
export type ExtractedMembership = {
  /** The row's role; null for one that is not known here. */
  readonly accessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of the role. */
  readonly accessLevelValue: Scalars['Int']['output'];
  /** When the row was made; null where the run did not read it. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** Whether that day has come by `asOf`: the row gives access until GitLab's nightly job has run, and may have been taken since the run. */
  readonly expired: Scalars['Boolean']['output'];
  /** The day at whose start GitLab takes the row. */
  readonly expiresAt?: Maybe<Scalars['Date']['output']>;
  /** GitLab's number of the custom role, if the row has one. */
  readonly memberRoleId?: Maybe<Scalars['ID']['output']>;
  /** The group or project in whose list the row stands. */
  readonly source: ExtractedSource;
  /** Whose it is. */
  readonly user: ExtractedUser;
};

/** A page of direct memberships. */
export type ExtractedMembershipConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<ExtractedMembershipEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<ExtractedMembership>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; counted when asked for. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
  /** How many things that the run could not read may hide something of this list. */
  readonly unknownSources: Scalars['Int']['output'];
};

/** One direct membership in a list. */
export type ExtractedMembershipEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The membership itself. */
  readonly node: ExtractedMembership;
};

/** A group that was invited into a group or project, as a run saw it. */
export type ExtractedShare = {
  /** The day at whose start GitLab ends it. */
  readonly expiresAt?: Maybe<Scalars['Date']['output']>;
  /** The invited group. */
  readonly group: ExtractedSource;
  /** The most that members get by it; null for a role that is not known here. */
  readonly maxAccessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of that role. */
  readonly maxAccessLevelValue: Scalars['Int']['output'];
  /** GitLab's number of the custom role that goes with it, if any. */
  readonly memberRoleId?: Maybe<Scalars['ID']['output']>;
  /** The group or project that is open to the other group's members. */
  readonly source: ExtractedSource;
};

/** A group or project as a run saw it. */
export type ExtractedSource = {
  /** Whether a project was archived; null for a group. */
  readonly archived?: Maybe<Scalars['Boolean']['output']>;
  /** The path from the top-level group down; null for a group beyond the connection's reach that was invited. */
  readonly fullPath?: Maybe<Scalars['ID']['output']>;
  /** GitLab's own number, which never changes. */
  readonly gitlabId: Scalars['ID']['output'];
  /** The global id of the group or project: `node` tells what GitLab says of it now. */
  readonly id: Scalars['ID']['output'];
  /** Whether it is a group or a project. */
  readonly kind: SourceKind;
  /** The name for people; null for a group beyond the reach. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Who may see it; null for a group beyond the reach. */
  readonly visibility?: Maybe<Visibility>;
};

/** A user as a run saw it. */
export type ExtractedUser = {
  /** GitLab's own number, which never changes. */
  readonly gitlabId: Scalars['ID']['output'];
  /** The global id of the user: `node` tells what GitLab says of it now. */
  readonly id: Scalars['ID']['output'];
  /** What kind of user it is; null where the run could not read the user. */
  readonly kind?: Maybe<UserKind>;
  /** The last day on which GitLab saw the user active; null where it tells none. */
  readonly lastActivityOn?: Maybe<Scalars['Date']['output']>;
  /** The name for people; null where the run could not read the user. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Whether the user might sign in; null where the run could not read it. */
  readonly state?: Maybe<UserState>;
  /** The username; null where the run could not read the user. */
  readonly username?: Maybe<Scalars['String']['output']>;
};

/**
 * One reading of everything in a connection's reach into the store: groups, projects, people, direct memberships, shares and tokens.
 * It becomes true all at once when it is DONE; until then, and where it fails, what the one before read stays.
 */
export type Extraction = Node & {
  /** How many requests GitLab was sent for it so far. */
  readonly calls: Scalars['Int']['output'];
  /** The connection it reads through. */
  readonly connection: Connection;
  /** How many groups and projects have been read. */
  readonly done: Scalars['Int']['output'];
  /** When it ended; null while it is under way. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** How much it reads. */
  readonly mode: ExtractionMode;
  /** Why it failed; null where it did not. */
  readonly problem?: Maybe<Scalars['String']['output']>;
  /** Who asked for it; `schedule` where the gateway began it by itself. */
  readonly requestedBy: Scalars['String']['output'];
  /** Its number among the connection's extractions, counted from 1. */
  readonly run: Scalars['Int']['output'];
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** What has become of it. */
  readonly status: ExtractionStatus;
  /** How many groups and projects there are to read; null while the lists are being read. */
  readonly total?: Maybe<Scalars['Int']['output']>;
  /** What could not be read, and why. What was known of it before stays and must be taken for old; it is never taken for empty or gone. */
  readonly unknownSources: UnknownSourceConnection;
};


/**
 * One reading of everything in a connection's reach into the store: groups, projects, people, direct memberships, shares and tokens.
 * It becomes true all at once when it is DONE; until then, and where it fails, what the one before read stays.
 */
export type ExtractionUnknownSourcesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** A page of extractions. */
export type ExtractionConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<ExtractionEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<Extraction>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One extraction in a list. */
export type ExtractionEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The extraction itself. */
  readonly node: Extraction;
};

/** How much an extraction reads. */
export type ExtractionMode =
  /** Everything in the connection's reach. */
  | 'FULL'
  /** What is new, and what GitLab's hooks said has changed. What it does not look at is as old as the last full one. */
  | 'INCREMENTAL';

/** What becomes of an extraction. */
export type ExtractionStatus =
  /** Somebody ended it. Nothing of it is kept. */
  | 'CANCELLED'
  /** What it read is true. */
  | 'DONE'
  /** It could not be read; the problem says why. Nothing of it is kept. */
  | 'FAILED'
  /** It is being read; whichever process works on it, another goes on where it stood should that one die. */
  | 'RUNNING';

/** The GitLab behind a connection. */
export type GitLabInstance = {
  /** Whether it is the Enterprise Edition. */
  readonly enterprise: Scalars['Boolean']['output'];
  /** Whether it is GitLab.com. */
  readonly gitlabDotCom: Scalars['Boolean']['output'];
  /** The version, for example 18.9.0-ee. */
  readonly version: Scalars['String']['output'];
};

/** A role in a group or project that somebody has, had or shall have for a while. */
export type Grant = Node & {
  /** The role. */
  readonly accessLevel: AccessLevel;
  /** When a read of GitLab first showed it. */
  readonly activatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The date on which GitLab itself ends the row should the gateway never return; null where we set none. */
  readonly backstop?: Maybe<Scalars['Date']['output']>;
  /** The membership before our first active grant to this user there; null: there was none, or it is not read yet. */
  readonly base?: Maybe<MembershipSnapshot>;
  /** The connection it was made through; null: deleted since. */
  readonly connection?: Maybe<Connection>;
  /** How long it lasts from its activation, where a length was asked for. */
  readonly duration?: Maybe<Scalars['Duration']['output']>;
  /** What it did to the membership; null until it is active. */
  readonly effect?: Maybe<GrantEffect>;
  /** Why it ended. */
  readonly endReason?: Maybe<GrantEndReason>;
  /** When it ended. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * When it ends by our clock. Null while only a duration is known, and, `duration` being null too, for access that stands until
   * it is revoked.
   */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** What happened to it, newest first. */
  readonly history: AuditEventConnection;
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /**
   * On a project: when GitLab's recalculated access was seen to follow the membership. Null until then, elsewhere, and where
   * another path gave access before, since it cannot be told apart there.
   */
  readonly inForceAt?: Maybe<Scalars['DateTime']['output']>;
  /** GitLab's number of the custom role, where one was asked for. */
  readonly memberRoleId?: Maybe<Scalars['ID']['output']>;
  /** What holds it up; null while nothing does. */
  readonly problem?: Maybe<GrantProblem>;
  /** Why it was asked for. */
  readonly reason: Scalars['String']['output'];
  /** When it was asked for. */
  readonly requestedAt: Scalars['DateTime']['output'];
  /** Who asked for it. */
  readonly requestedBy: Scalars['String']['output'];
  /** What outlives it there, as read after it ended; null until then. */
  readonly residue?: Maybe<Residue>;
  /** The group above that gives the role already (SATISFIED_BY_INHERITANCE). */
  readonly satisfiedBy?: Maybe<MembershipSource>;
  /** When it shall begin; null: at once. */
  readonly startsAt?: Maybe<Scalars['DateTime']['output']>;
  /** How far it has got. */
  readonly status: GrantStatus;
  /** The group or project; null where GitLab does not show it. */
  readonly target?: Maybe<MembershipSource>;
  /** The full path of the group or project as last seen. */
  readonly targetPath: Scalars['String']['output'];
  /** The ticket it belongs to. */
  readonly ticket?: Maybe<Scalars['String']['output']>;
  /** Who has it; null where GitLab does not show the user. */
  readonly user?: Maybe<User>;
  /** The username as last seen. */
  readonly username: Scalars['String']['output'];
  /** When a read of GitLab last showed what this grant wants. */
  readonly verifiedAt?: Maybe<Scalars['DateTime']['output']>;
};


/** A role in a group or project that somebody has, had or shall have for a while. */
export type GrantHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** Who shall get which role where, how long and why. */
export type GrantAccessInput = {
  /** The role. */
  readonly accessLevel: AccessLevel;
  /** The connection to grant through. */
  readonly connectionId: Scalars['ID']['input'];
  /** How long from activation. At most one of this and `expiresAt`; neither: until revoked, where the policy allows it. */
  readonly duration?: InputMaybe<Scalars['Duration']['input']>;
  /** When it shall end. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** A key of the caller's own making: the same call with the same key, within seven days, happens once. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** GitLab's number of a custom role built on that role. */
  readonly memberRoleId?: InputMaybe<Scalars['ID']['input']>;
  /** Why, for those who look later. */
  readonly reason: Scalars['String']['input'];
  /** When it shall begin; left out: at once. */
  readonly startsAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The group or project. */
  readonly target: TargetRef;
  /** The ticket it belongs to. */
  readonly ticket?: InputMaybe<Scalars['String']['input']>;
  /** Who shall get it. */
  readonly user: UserRef;
};

/** What asking for access came to. */
export type GrantAccessPayload = {
  /** The grant; null when it was refused. */
  readonly grant?: Maybe<Grant>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A page of grants. */
export type GrantConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<GrantEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<Grant>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One grant in a list. */
export type GrantEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The grant itself. */
  readonly node: Grant;
};

/** What a grant did to the membership. More may be added. */
export type GrantEffect =
  /** A direct membership was made. */
  | 'ADDED'
  /** The direct membership that stood gives as much; nothing was written. */
  | 'ALREADY_SATISFIED'
  /** The direct membership that stood was raised. */
  | 'RAISED'
  /** A group above gives as much; nothing was written. */
  | 'SATISFIED_BY_INHERITANCE';

/** Why a grant ended. More may be added. */
export type GrantEndReason =
  /** An administrator gave it up unproven. */
  | 'ABANDONED'
  /** Somebody ended it before it began. */
  | 'CANCELLED'
  /** Its time was up. */
  | 'EXPIRED'
  /** The user, group or project is gone. */
  | 'GONE'
  /** Somebody lowered or removed the membership in GitLab. */
  | 'OUTSIDE_CHANGE'
  /** Somebody ended it. */
  | 'REVOKED'
  /** An identity provider took the membership. */
  | 'UPSTREAM_SYNC'
  /** The user was blocked, banned or deactivated. */
  | 'USER_INACTIVE';

/** Which grants to keep; they match every field that is given. */
export type GrantFilter = {
  /** Made through this connection. */
  readonly connectionId?: InputMaybe<Scalars['ID']['input']>;
  /** That end before this time. */
  readonly expiresBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Past their end and not proven ended (true), or not so (false). */
  readonly overdue?: InputMaybe<Scalars['Boolean']['input']>;
  /** Asked for by this caller. */
  readonly requestedBy?: InputMaybe<Scalars['String']['input']>;
  /** With one of these statuses. */
  readonly statuses?: InputMaybe<ReadonlyArray<GrantStatus>>;
  /** On the group or project with this full path. */
  readonly targetPath?: InputMaybe<Scalars['String']['input']>;
  /** To the user with this username. */
  readonly username?: InputMaybe<Scalars['String']['input']>;
};

/** What holds a grant or revocation up. */
export type GrantProblem = {
  /** Which kind of problem it is. */
  readonly code: GrantProblemCode;
  /** What is wrong and what to do, in plain English. */
  readonly message: Scalars['String']['output'];
  /** When it is tried again. */
  readonly nextAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** Since when. */
  readonly since: Scalars['DateTime']['output'];
};

/** Kinds of problems that hold a grant or revocation up. More may be added. */
export type GrantProblemCode =
  /** The connection's token no longer works. */
  | 'CONNECTION_DEGRADED'
  /** Its end would leave the group without an owner. */
  | 'LAST_OWNER'
  /** Its time is up, and it is not yet proven that the access is gone. */
  | 'OVERDUE'
  /** GitLab keeps it for somebody's approval. */
  | 'PENDING_UPSTREAM'
  /** A grant on a group above keeps the membership from going back to what it was. */
  | 'SHADOWED'
  /** Memberships there may not be written. */
  | 'SOURCE_LOCKED'
  /** The group or project can no longer be read. */
  | 'SOURCE_UNREADABLE'
  /** The membership was raised or prolonged by hand while its holder could do so himself. */
  | 'TAMPERED'
  /** GitLab asks to wait. */
  | 'UPSTREAM_RATE_LIMITED'
  /** GitLab refuses the change. */
  | 'UPSTREAM_REFUSED'
  /** GitLab does not answer. */
  | 'UPSTREAM_UNAVAILABLE';

/** How far a grant has got. More may be added. */
export type GrantStatus =
  /** It is being written; no read of GitLab has shown it yet. */
  | 'ACTIVATING'
  /** A read of GitLab has shown it. */
  | 'ACTIVE'
  /** It is over, and a read of GitLab has shown it. */
  | 'ENDED'
  /** It is being taken back; no read of GitLab has shown that yet. */
  | 'ENDING'
  /** It never became active, and GitLab holds nothing of it. */
  | 'FAILED'
  /** It begins later. */
  | 'SCHEDULED';

/** A GitLab group. */
export type Group = MembershipSource & Node & {
  /** A user's effective membership, with every path that gives it. */
  readonly access?: Maybe<Access>;
  /**
   * Access tokens of this very group, not those of other groups and projects above or below, the lowest number first. GitLab shows them
   * to its Owners and administrators; for anybody else's connection this is null with the error UPSTREAM_FORBIDDEN.
   */
  readonly accessTokens?: Maybe<AccessTokenConnection>;
  /** All groups above, from the top-level group down. */
  readonly ancestors?: Maybe<ReadonlyArray<Group>>;
  /** The path from the top-level group down, for example acme/payments/api. */
  readonly fullPath: Scalars['ID']['output'];
  /** GitLab's own number, which never changes. */
  readonly gitlabId: Scalars['ID']['output'];
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** The rows of its membership list, each with the group or project that it lives in. */
  readonly members?: Maybe<MemberConnection>;
  /** The name for people. */
  readonly name: Scalars['String']['output'];
  /** The group right above; null for a top-level group. */
  readonly parent?: Maybe<Group>;
  /** The projects right below. */
  readonly projects?: Maybe<ProjectConnection>;
  /** The groups right below. */
  readonly subgroups?: Maybe<GroupConnection>;
  /** Who may see it; null where GitLab does not tell. */
  readonly visibility?: Maybe<Visibility>;
  /** Its page in GitLab. */
  readonly webUrl: Scalars['URL']['output'];
};


/** A GitLab group. */
export type GroupAccessArgs = {
  user: UserRef;
};


/** A GitLab group. */
export type GroupAccessTokensArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccessTokenFilter>;
  first?: Scalars['Int']['input'];
};


/** A GitLab group. */
export type GroupMembersArgs = {
  accessLevels?: InputMaybe<ReadonlyArray<AccessLevel>>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  kinds?: ReadonlyArray<MembershipKind>;
  search?: InputMaybe<Scalars['String']['input']>;
};


/** A GitLab group. */
export type GroupProjectsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** A GitLab group. */
export type GroupSubgroupsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** A page of groups. */
export type GroupConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<GroupEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<Group>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One group in a list. */
export type GroupEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The group itself. */
  readonly node: Group;
};

/** Kinds of users that hold a token. */
export type IdentityKind =
  /** An ordinary user kept for the gateway. */
  | 'DEDICATED_USER'
  /** The bot of a group access token; not accepted for a connection. */
  | 'GROUP_TOKEN_BOT'
  /** The bot of a project access token; not accepted for a connection. */
  | 'PROJECT_TOKEN_BOT'
  /** A GitLab service account. */
  | 'SERVICE_ACCOUNT';

/**
 * What the store holds of a GitLab since an extraction: answers come from the database, without a call of GitLab, and are as old
 * as the run that they are marked with. They show the connection's reach only, and what the run could not read is counted in
 * `unknownSources`: an answer is complete, as of its run, where that is 0.
 */
export type Insight = {
  /** Seconds since then. */
  readonly ageSeconds: Scalars['Int']['output'];
  /** The moment from which days are counted and by which a row is past its date: `asOf` as asked, for a run asked by number its end, else now. */
  readonly asOf: Scalars['DateTime']['output'];
  /** How direct memberships differ from those of an earlier run. */
  readonly changes: MembershipChangeConnection;
  /** People of whom GitLab saw no activity for some days and who still hold a role, the longest first, then those of whom it tells none. */
  readonly dormant: DormantHolderConnection;
  /** Memberships whose date comes within some days, or has passed without GitLab having taken them: the next to end first. */
  readonly expiring: ExtractedMembershipConnection;
  /** When the run finished. */
  readonly finishedAt: Scalars['DateTime']['output'];
  /** What would remain if a membership or an invitation of a group were removed. */
  readonly ifRemoved: RemovalEffect;
  /** The number of the run that the answers come from. */
  readonly run: Scalars['Int']['output'];
  /** Everybody who reaches a group or project, the highest role first, with every way there. */
  readonly sourceReach: ReachConnection;
  /** When the run began to read; what GitLab changed after that may be missing. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** How many groups, projects, people and lists the run could not read; what was known of them before still stands. */
  readonly unknownSources: Scalars['Int']['output'];
  /** Every group and project that a user reaches, in the order of paths, with every way there. */
  readonly userReach: ReachConnection;
};


/**
 * What the store holds of a GitLab since an extraction: answers come from the database, without a call of GitLab, and are as old
 * as the run that they are marked with. They show the connection's reach only, and what the run could not read is counted in
 * `unknownSources`: an answer is complete, as of its run, where that is 0.
 */
export type InsightChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  kinds?: ReadonlyArray<MembershipChangeKind>;
  sinceRun: Scalars['Int']['input'];
  source?: InputMaybe<TargetRef>;
};


/**
 * What the store holds of a GitLab since an extraction: answers come from the database, without a call of GitLab, and are as old
 * as the run that they are marked with. They show the connection's reach only, and what the run could not read is counted in
 * `unknownSources`: an answer is complete, as of its run, where that is 0.
 */
export type InsightDormantArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  atLeast?: AccessLevel;
  days: Scalars['Int']['input'];
  first?: Scalars['Int']['input'];
  inForceOnly?: Scalars['Boolean']['input'];
  kinds?: ReadonlyArray<UserKind>;
};


/**
 * What the store holds of a GitLab since an extraction: answers come from the database, without a call of GitLab, and are as old
 * as the run that they are marked with. They show the connection's reach only, and what the run could not read is counted in
 * `unknownSources`: an answer is complete, as of its run, where that is 0.
 */
export type InsightExpiringArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  source?: InputMaybe<TargetRef>;
  withinDays: Scalars['Int']['input'];
};


/**
 * What the store holds of a GitLab since an extraction: answers come from the database, without a call of GitLab, and are as old
 * as the run that they are marked with. They show the connection's reach only, and what the run could not read is counted in
 * `unknownSources`: an answer is complete, as of its run, where that is 0.
 */
export type InsightIfRemovedArgs = {
  removed: RemovalRef;
};


/**
 * What the store holds of a GitLab since an extraction: answers come from the database, without a call of GitLab, and are as old
 * as the run that they are marked with. They show the connection's reach only, and what the run could not read is counted in
 * `unknownSources`: an answer is complete, as of its run, where that is 0.
 */
export type InsightSourceReachArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  atLeast?: InputMaybe<AccessLevel>;
  first?: Scalars['Int']['input'];
  inForceOnly?: Scalars['Boolean']['input'];
  source: TargetRef;
};


/**
 * What the store holds of a GitLab since an extraction: answers come from the database, without a call of GitLab, and are as old
 * as the run that they are marked with. They show the connection's reach only, and what the run could not read is counted in
 * `unknownSources`: an answer is complete, as of its run, where that is 0.
 */
export type InsightUserReachArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  atLeast?: InputMaybe<AccessLevel>;
  first?: Scalars['Int']['input'];
  kinds?: ReadonlyArray<SourceKind>;
  user: UserRef;
};

/**
 * One row of a membership list: at most one per user and kind, and a direct row is never hidden behind an inherited one. Its level
 * is that row's own, not the effective one, which is `access`. Pending invitations and requests are no rows.
 */
export type Member = {
  /** The row's role; null for one that is not known here. */
  readonly accessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of the role. */
  readonly accessLevelValue: Scalars['Int']['output'];
  /** When the row was made. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who made the row; null where GitLab does not tell. */
  readonly createdBy?: Maybe<User>;
  /** The day on which GitLab takes the row. */
  readonly expiresAt?: Maybe<Scalars['Date']['output']>;
  /** The grant of ours that this row exists for, or is raised by. */
  readonly grant?: Maybe<Grant>;
  /** This row as seen from this list: stable for caches, but no global id. */
  readonly id: Scalars['ID']['output'];
  /** How the row comes to be in this list. */
  readonly kind: MembershipKind;
  /** The custom role, if the row has one; read only when asked for. */
  readonly memberRole?: Maybe<MemberRole>;
  /** The group or project the row lives in; null for a private invited group that the token may not read. */
  readonly source?: Maybe<MembershipSource>;
  /** Whose row it is. */
  readonly user: User;
};

/** A page of membership rows. */
export type MemberConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<MemberEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<Member>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One membership row in a list. */
export type MemberEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The membership row itself. */
  readonly node: Member;
};

/** A custom role. */
export type MemberRole = {
  /** The role it is built on; null for one that is not known here. */
  readonly baseAccessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of the custom role. */
  readonly gitlabId: Scalars['ID']['output'];
  /** The name for people. */
  readonly name: Scalars['String']['output'];
};

/** A direct membership that is not as it was. */
export type MembershipChange = {
  /** As the later run saw it; null: there is none. */
  readonly after?: Maybe<ExtractedMembership>;
  /** As the earlier run saw it; null: there was none. */
  readonly before?: Maybe<ExtractedMembership>;
  /** What became of it. */
  readonly kind: MembershipChangeKind;
  /** The group or project in whose list it stands or stood. */
  readonly source: ExtractedSource;
  /** Whose it is. */
  readonly user: ExtractedUser;
};

/** A page of changes, in the order of places' and people's numbers. */
export type MembershipChangeConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<MembershipChangeEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<MembershipChange>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; counted when asked for. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
  /** How many things that either run could not read may hide a change, or show what was true before as if it were still. */
  readonly unknownSources: Scalars['Int']['output'];
};

/** One change in a list. */
export type MembershipChangeEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The change itself. */
  readonly node: MembershipChange;
};

/** Kinds of changes of a direct membership between two runs. */
export type MembershipChangeKind =
  /** The role is the same and the day of its end another. */
  | 'EXPIRY_CHANGED'
  /** There is one where there was none. */
  | 'JOINED'
  /** There is none where there was one. */
  | 'LEFT'
  /** The role is lower. */
  | 'LOWERED'
  /** The role is higher. */
  | 'RAISED'
  /** The role is the same and the custom role another. */
  | 'ROLE_CHANGED';

/** How a row of a membership list comes to be there. */
export type MembershipKind =
  /** The user was added to this very group or project. */
  | 'DIRECT'
  /** The user is a member of a group above. */
  | 'INHERITED'
  /** The user is a member of a group that was invited here. */
  | 'SHARED';

/** A direct membership of a user in a group or project. */
export type MembershipRef = {
  /** The connection to revoke through. */
  readonly connectionId: Scalars['ID']['input'];
  /** The group or project. */
  readonly target: TargetRef;
  /** Whose membership. */
  readonly user: UserRef;
};

/** A direct membership of a user in a group or project. */
export type MembershipRowRef = {
  /** The group or project. */
  readonly source: TargetRef;
  /** Whose membership. */
  readonly user: UserRef;
};

/** A membership as it was at one moment. */
export type MembershipSnapshot = {
  /** The role; null for one that is not known here. */
  readonly accessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of the role. */
  readonly accessLevelValue: Scalars['Int']['output'];
  /** The day on which GitLab would have taken it. */
  readonly expiresAt?: Maybe<Scalars['Date']['output']>;
  /** GitLab's number of the custom role, if it had one. */
  readonly memberRoleId?: Maybe<Scalars['ID']['output']>;
};

/** A group or project: a place with a membership list. */
export type MembershipSource = {
  /** A user's effective membership, with every path that gives it. */
  readonly access?: Maybe<Access>;
  /** The path from the top-level group down, for example acme/payments/api. */
  readonly fullPath: Scalars['ID']['output'];
  /** GitLab's own number, which never changes. */
  readonly gitlabId: Scalars['ID']['output'];
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** The rows of its membership list, each with the group or project that it lives in. */
  readonly members?: Maybe<MemberConnection>;
  /** The name for people. */
  readonly name: Scalars['String']['output'];
  /** Who may see it; null where GitLab does not tell. */
  readonly visibility?: Maybe<Visibility>;
  /** Its page in GitLab. */
  readonly webUrl: Scalars['URL']['output'];
};


/** A group or project: a place with a membership list. */
export type MembershipSourceAccessArgs = {
  user: UserRef;
};


/** A group or project: a place with a membership list. */
export type MembershipSourceMembersArgs = {
  accessLevels?: InputMaybe<ReadonlyArray<AccessLevel>>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  kinds?: ReadonlyArray<MembershipKind>;
  search?: InputMaybe<Scalars['String']['input']>;
};

/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type Mutation = {
  /** Ends an extraction that is under way; what it has read so far is forgotten. */
  readonly cancelExtraction: CancelExtractionPayload;
  /** Deletes a connection and its token. Refused while grants stand on it, unless the input says what becomes of them. */
  readonly deleteConnection: DeleteConnectionPayload;
  /** Moves the end of an active grant, within the longest time that a grant may last altogether. */
  readonly extendGrant: ExtendGrantPayload;
  /**
   * Gives somebody a role in a group or project for a while. Answers when a read of GitLab has shown it, or after five seconds
   * with the grant still ACTIVATING and the problem that holds it up.
   */
  readonly grantAccess: GrantAccessPayload;
  /** Ends a grant now, or takes any direct membership away for good. What inherited and shared paths give is left alone. */
  readonly revokeAccess: RevokeAccessPayload;
  /**
   * Replaces a connection's token by a new one of the same name and scopes; GitLab revokes the old one in the same step. It is sent
   * once: where the answer is lost and the old token is dead, the connection turns DEGRADED until updateConnection gives it a token.
   */
  readonly rotateConnectionToken: RotateConnectionTokenPayload;
  /** Makes a new secret for the hooks of a connection's GitLab; the one before is void at once. */
  readonly rotateHookSecret: RotateHookSecretPayload;
  /** Checks a GitLab and a token, and saves them as a connection when no check fails. */
  readonly saveConnection: SaveConnectionPayload;
  /**
   * Begins to read everything in a connection's reach into the store, and answers at once. One is under way at a time for each
   * connection: where there is one already, that one is answered.
   */
  readonly startExtraction: StartExtractionPayload;
  /** Tests what a GitLab and a token can do. Keeps only a saved connection's own report, and the status that follows it. */
  readonly testConnection: TestConnectionPayload;
  /** Changes a connection; a new address or token is checked first and kept only when no check fails. */
  readonly updateConnection: UpdateConnectionPayload;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationCancelExtractionArgs = {
  input: CancelExtractionInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationDeleteConnectionArgs = {
  input: DeleteConnectionInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationExtendGrantArgs = {
  input: ExtendGrantInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationGrantAccessArgs = {
  input: GrantAccessInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationRevokeAccessArgs = {
  input: RevokeAccessInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationRotateConnectionTokenArgs = {
  input: RotateConnectionTokenInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationRotateHookSecretArgs = {
  input: RotateHookSecretInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationSaveConnectionArgs = {
  input: SaveConnectionInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationStartExtractionArgs = {
  input: StartExtractionInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationTestConnectionArgs = {
  input: TestConnectionInput;
};


/** Everything that can be changed. What the caller can mend is answered in `userErrors`; all else is a top-level error. */
export type MutationUpdateConnectionArgs = {
  input: UpdateConnectionInput;
};

/** A thing that can be asked for again by its global id. */
export type Node = {
  /** The global id: opaque, and never used for another thing. */
  readonly id: Scalars['ID']['output'];
};

/** Where a page of a list stands within the whole list. */
export type PageInfo = {
  /** The cursor of the last entry here; null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether more follows: ask again with `after` set to `endCursor`. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether something comes before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first entry here; null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** A GitLab project. */
export type Project = MembershipSource & Node & {
  /** A user's effective membership, with every path that gives it. */
  readonly access?: Maybe<Access>;
  /**
   * Access tokens of this very project, not those of other groups and projects above or below, the lowest number first. GitLab shows them
   * to its Maintainers and administrators; for anybody else's connection this is null with the error UPSTREAM_FORBIDDEN.
   */
  readonly accessTokens?: Maybe<AccessTokenConnection>;
  /** Whether it is archived; null where GitLab does not tell. */
  readonly archived?: Maybe<Scalars['Boolean']['output']>;
  /** The path from the top-level group down, for example acme/payments/api. */
  readonly fullPath: Scalars['ID']['output'];
  /** GitLab's own number, which never changes. */
  readonly gitlabId: Scalars['ID']['output'];
  /** The group it lives in; null in a personal namespace. */
  readonly group?: Maybe<Group>;
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** The rows of its membership list, each with the group or project that it lives in. */
  readonly members?: Maybe<MemberConnection>;
  /** The name for people. */
  readonly name: Scalars['String']['output'];
  /** Who may see it; null where GitLab does not tell. */
  readonly visibility?: Maybe<Visibility>;
  /** Its page in GitLab. */
  readonly webUrl: Scalars['URL']['output'];
};


/** A GitLab project. */
export type ProjectAccessArgs = {
  user: UserRef;
};


/** A GitLab project. */
export type ProjectAccessTokensArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccessTokenFilter>;
  first?: Scalars['Int']['input'];
};


/** A GitLab project. */
export type ProjectMembersArgs = {
  accessLevels?: InputMaybe<ReadonlyArray<AccessLevel>>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  kinds?: ReadonlyArray<MembershipKind>;
  search?: InputMaybe<Scalars['String']['input']>;
};

/** A page of projects. */
export type ProjectConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<ProjectEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<Project>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One project in a list. */
export type ProjectEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The project itself. */
  readonly node: Project;
};

/** Everything that can be asked. */
export type Query = {
  /** What happened, newest first. */
  readonly auditEvents: AuditEventConnection;
  /** One connected GitLab by its name, whatever the case; null where no connection has that name. */
  readonly connection?: Maybe<Connection>;
  /** Every GitLab that is connected, in the order of their names. */
  readonly connections: ReadonlyArray<Connection>;
  /** Grants of temporary access, newest first. */
  readonly grants: GrantConnection;
  /** The thing with this global id, or null where there is none (any more). */
  readonly node?: Maybe<Node>;
  /** Memberships that are taken away for good, newest first. */
  readonly revocations: RevocationConnection;
  /** Who is asking, as the presented key proves it. */
  readonly viewer: Viewer;
};


/** Everything that can be asked. */
export type QueryAuditEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditEventFilter>;
  first?: Scalars['Int']['input'];
};


/** Everything that can be asked. */
export type QueryConnectionArgs = {
  name: Scalars['String']['input'];
};


/** Everything that can be asked. */
export type QueryGrantsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<GrantFilter>;
  first?: Scalars['Int']['input'];
};


/** Everything that can be asked. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be asked. */
export type QueryRevocationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  pendingOnly?: Scalars['Boolean']['input'];
};

/** A user's access to a group or project, worked out from the facts of a run as GitLab does it. */
export type Reach = {
  /** The effective role, the highest of all paths; null for one that is not known here. */
  readonly accessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of the effective role. */
  readonly accessLevelValue: Scalars['Int']['output'];
  /** The day at whose start the last path to this role ends; null: never, or not by a date. */
  readonly expiresAt?: Maybe<Scalars['Date']['output']>;
  /** Whether the user might sign in. Blocked, banned, deactivated and unapproved people keep their rows, which count again once they may. */
  readonly inForce: Scalars['Boolean']['output'];
  /** Every way to this access, the highest first. */
  readonly paths: ReadonlyArray<ReachPath>;
  /** The group or project. */
  readonly source: ExtractedSource;
  /** Whose access it is. */
  readonly user: ExtractedUser;
};

/** A page of access. */
export type ReachConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<ReachEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<Reach>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; counted when asked for. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
  /** How many things that the run could not read may hide something of this list. */
  readonly unknownSources: Scalars['Int']['output'];
};

/** One access in a list. */
export type ReachEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The access itself. */
  readonly node: Reach;
};

/** One place where somebody would fall to a lower role or lose access. */
export type ReachLoss = {
  /** The effective role after; null for none, or one that is not known here. */
  readonly accessLevelAfter?: Maybe<AccessLevel>;
  /** The effective role before; null for one that is not known here. */
  readonly accessLevelBefore?: Maybe<AccessLevel>;
  /** GitLab's number of the role after; 0 for no access. */
  readonly accessLevelValueAfter: Scalars['Int']['output'];
  /** GitLab's number of the role before. */
  readonly accessLevelValueBefore: Scalars['Int']['output'];
  /** Where. */
  readonly source: ExtractedSource;
  /** Who it is. */
  readonly user: ExtractedUser;
};

/** A page of losses. */
export type ReachLossConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<ReachLossEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<ReachLoss>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** Always null: they are worked out page by page. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One loss in a list. */
export type ReachLossEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The loss itself. */
  readonly node: ReachLoss;
};

/** One way by which a user reaches a group or project. */
export type ReachPath = {
  /** The role that this way gives, the lowest of the row's and the shares'; null for one that is not known here. */
  readonly accessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of that role. */
  readonly accessLevelValue: Scalars['Int']['output'];
  /** Whether that day has come by `asOf`: it gives access until GitLab's nightly job has run, and may have ended since the run. */
  readonly expired: Scalars['Boolean']['output'];
  /** The earliest day of the row and the shares, at whose start this way ends; null: never. */
  readonly expiresAt?: Maybe<Scalars['Date']['output']>;
  /** How the row comes to count here. */
  readonly kind: MembershipKind;
  /** The row that gives it. */
  readonly membership: ExtractedMembership;
  /** The invitations that it comes through, the nearest to the place first: none, one, or two where a project invited a group that invited another. */
  readonly shares: ReadonlyArray<ExtractedShare>;
};

/** What a removal would take from whom. Rows below a group stay, as they do in a removal by this gateway. */
export type RemovalEffect = {
  /** Who would fall from what to what, and where: ordered by people's numbers, and for each by path. */
  readonly losses: ReachLossConnection;
  /** How many people would fall to a lower role or lose access somewhere. */
  readonly peopleCount: Scalars['Int']['output'];
  /** How many things that the run could not read may hide something: a loss, or a path that would remain. */
  readonly unknownSources: Scalars['Int']['output'];
};


/** What a removal would take from whom. Rows below a group stay, as they do in a removal by this gateway. */
export type RemovalEffectLossesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** What to think away: a direct membership, or a group's invitation. */
export type RemovalRef =
  /** A direct membership. */
  { readonly membership: MembershipRowRef; readonly share?: never; }
  |  /** A group's invitation into a group or project. */
  { readonly membership?: never; readonly share: ShareRef; };

/** What outlives a grant: other access of the same user, and what came to be there while the grant lasted. It is only told, never taken away. */
export type Residue = {
  /** Whether everything could be read. */
  readonly complete: Scalars['Boolean']['output'];
  /** Tokens, keys and memberships that are new in the window of the grant, whoever made them. */
  readonly items: ReadonlyArray<ResidueItem>;
  /** When it was read. */
  readonly readAt: Scalars['DateTime']['output'];
  /** The user's effective role there by other paths; null for none, one not known here, or not read. */
  readonly remainingAccessLevel?: Maybe<AccessLevel>;
  /** GitLab's number of that role; 0 for no access, null where it could not be read. */
  readonly remainingAccessLevelValue?: Maybe<Scalars['Int']['output']>;
  /** The paths that give it, in plain English. */
  readonly remainingPaths: ReadonlyArray<Scalars['String']['output']>;
  /** What could not be read, in plain English. */
  readonly unread: ReadonlyArray<Scalars['String']['output']>;
};

/** One thing that is new in the window of a grant. */
export type ResidueItem = {
  /** The username of who made it; null where GitLab does not tell. */
  readonly createdBy?: Maybe<Scalars['String']['output']>;
  /** GitLab's number of it; of a membership, its user's. */
  readonly gitlabId: Scalars['ID']['output'];
  /** What it is. */
  readonly kind: ResidueKind;
  /** The name or title; of a membership, the username. */
  readonly name: Scalars['String']['output'];
  /** The full path of the group or project it belongs to. */
  readonly sourcePath: Scalars['String']['output'];
};

/** Kinds of things that may outlive a grant. More may be added. */
export type ResidueKind =
  /** A deploy key. */
  | 'DEPLOY_KEY'
  /** A deploy token. */
  | 'DEPLOY_TOKEN'
  /** The access token of a group. */
  | 'GROUP_ACCESS_TOKEN'
  /** A direct membership, there or in a subgroup. */
  | 'MEMBERSHIP'
  /** The access token of a project. */
  | 'PROJECT_ACCESS_TOKEN';

/** The stored decision that a user shall have no direct membership of a group or project; done when `verifiedAt` is set. */
export type Revocation = Node & {
  /** The connection it is made through; null: deleted since. */
  readonly connection?: Maybe<Connection>;
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** What holds it up; null while nothing does. */
  readonly problem?: Maybe<GrantProblem>;
  /** Why it was decided. */
  readonly reason: Scalars['String']['output'];
  /** The membership that stood there; null: there was none, or it is not read yet. */
  readonly removed?: Maybe<MembershipSnapshot>;
  /** When it was decided. */
  readonly requestedAt: Scalars['DateTime']['output'];
  /** Who decided it. */
  readonly requestedBy: Scalars['String']['output'];
  /** The group or project; null where GitLab does not show it. */
  readonly target?: Maybe<MembershipSource>;
  /** The full path of the group or project as last seen. */
  readonly targetPath: Scalars['String']['output'];
  /** Who loses the membership; null where GitLab does not show the user. */
  readonly user?: Maybe<User>;
  /** The username as last seen. */
  readonly username: Scalars['String']['output'];
  /** When a read of GitLab showed that there is no membership. */
  readonly verifiedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** A page of revocations. */
export type RevocationConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<RevocationEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<Revocation>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One revocation in a list. */
export type RevocationEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The revocation itself. */
  readonly node: Revocation;
};

/** Access to end, and why. */
export type RevokeAccessInput = {
  /** Gives a grant up without proof that GitLab holds nothing of it, for a group or project out of sight. Administrators only. */
  readonly abandon?: InputMaybe<Scalars['Boolean']['input']>;
  /** A grant, or any direct membership. */
  readonly access: AccessRef;
  /** A key of the caller's own making: the same call with the same key, within seven days, happens once. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Why it ends. */
  readonly reason: Scalars['String']['input'];
};

/** What ending access came to. */
export type RevokeAccessPayload = {
  /** The grants that this ended. */
  readonly grants: ReadonlyArray<Grant>;
  /** Why it is still due. */
  readonly problem?: Maybe<GrantProblem>;
  /** What other paths still give the user there. */
  readonly remaining?: Maybe<Access>;
  /** The decision that the user shall have no direct membership there; null when a grant was ended. */
  readonly revocation?: Maybe<Revocation>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
  /** When a read of GitLab showed it; null: still due, and tried again until one does. */
  readonly verifiedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** What a caller may do; each role may do all that the ones before it may. */
export type Role =
  /** May do everything, connections included. */
  | 'ADMIN'
  /** May also decide on other people's requests. */
  | 'APPROVER'
  /** May also ask for access, extend it and end it. */
  | 'REQUESTER'
  /** May read. */
  | 'VIEWER';

/** A connection whose token shall be replaced by a new one. */
export type RotateConnectionTokenInput = {
  /** The connection. */
  readonly connectionId: Scalars['ID']['input'];
  /** The day on which the new token stops working: after today, at most 365 days away; left out, 90 days away. */
  readonly expiresAt?: InputMaybe<Scalars['Date']['input']>;
  /** A key of the caller's own making: the same call with the same key, within seven days, happens once. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What rotating a connection's token came to. The token itself is never shown. */
export type RotateConnectionTokenPayload = {
  /** The connection with its new token, or DEGRADED where the new token was lost; null when nothing was changed. */
  readonly connection?: Maybe<Connection>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A connection whose GitLab shall tell of changes by hooks. */
export type RotateHookSecretInput = {
  /** The connection. */
  readonly connectionId: Scalars['ID']['input'];
  /** A key of the caller's own making: the same call with the same key, within seven days, happens once. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What GitLab needs to post hooks to this gateway. */
export type RotateHookSecretPayload = {
  /** The path below this gateway's own address to which GitLab shall post; null when the input was refused. */
  readonly path?: Maybe<Scalars['String']['output']>;
  /** The secret token to enter in GitLab, shown this once; null when none was made, also in a repeat. */
  readonly secret?: Maybe<Scalars['String']['output']>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A connection to save. */
export type SaveConnectionInput = {
  /** The address of the GitLab. */
  readonly baseUrl: Scalars['URL']['input'];
  /** A key of the caller's own making: the same call with the same key, within seven days, happens once. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The name that it shall go by, unique whatever the case. */
  readonly name: Scalars['String']['input'];
  /** A personal access token of a service account or a dedicated user, with scope api. It is kept encrypted and never shown. */
  readonly token: Scalars['String']['input'];
};

/** What saving a connection came to. */
export type SaveConnectionPayload = {
  /** The saved connection; null when it was not saved. */
  readonly connection?: Maybe<Connection>;
  /** The checks; null when the input was refused before any was made. */
  readonly report?: Maybe<ConnectionReport>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An invitation of a group into a group or project. */
export type ShareRef = {
  /** The full path of the invited group. */
  readonly group: Scalars['ID']['input'];
  /** The group or project that it was invited into. */
  readonly source: TargetRef;
};

/** Groups or projects. */
export type SourceKind =
  /** A group. */
  | 'GROUP'
  /** A project. */
  | 'PROJECT';

/** What becomes of grants and revocations that stand when their connection is deleted. */
export type StandingGrants =
  /** They are given up unproven, for a GitLab that is gone for good. */
  | 'ABANDON'
  /** They are ended first, and the connection is deleted only when GitLab has shown that every one is. */
  | 'END'
  /** The connection is not deleted while there are any. */
  | 'REFUSE';

/** What to read. */
export type StartExtractionInput = {
  /** The connection to read through. */
  readonly connectionId: Scalars['ID']['input'];
  /** Makes a repeat of this call answer as the first did: any text of the caller's own, kept for 7 days. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** How much to read; everything unless told. */
  readonly mode?: InputMaybe<ExtractionMode>;
};

/** The outcome of `startExtraction`. */
export type StartExtractionPayload = {
  /** The extraction that began, or the one that was under way already; null where there is none. */
  readonly extraction?: Maybe<Extraction>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** One way to point at a group or project. */
export type TargetRef =
  /** A group, by full path. */
  { readonly group: Scalars['ID']['input']; readonly id?: never; readonly project?: never; }
  |  /** By global id. */
  { readonly group?: never; readonly id: Scalars['ID']['input']; readonly project?: never; }
  |  /** A project, by full path. */
  { readonly group?: never; readonly id?: never; readonly project: Scalars['ID']['input']; };

/** What to test: a saved connection with its own token or one given in its place, or else an address and a token. */
export type TestConnectionInput = {
  /** The address of the GitLab; not beside `connectionId`. */
  readonly baseUrl?: InputMaybe<Scalars['URL']['input']>;
  /** The saved connection to test. */
  readonly connectionId?: InputMaybe<Scalars['ID']['input']>;
  /** The token to test; beside `connectionId`, in place of the saved one. */
  readonly token?: InputMaybe<Scalars['String']['input']>;
};

/** What the test of a connection saw. */
export type TestConnectionPayload = {
  /** Whom GitLab takes the gateway for; null where the test did not get that far. */
  readonly identity?: Maybe<ConnectionIdentity>;
  /** The GitLab behind the address; null where the test did not get that far. */
  readonly instance?: Maybe<GitLabInstance>;
  /** The checks; null when the input was refused. */
  readonly report?: Maybe<ConnectionReport>;
  /** What is known of the token; null where the test did not get that far. */
  readonly token?: Maybe<ConnectionToken>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What an extraction may be unable to read of a thing. */
export type UnknownPart =
  /** The list of groups. */
  | 'GROUPS'
  /** Its direct members; of an invited group outside the reach, who they are. */
  | 'MEMBERS'
  /** The person's name, state and last activity. */
  | 'PERSON'
  /** The list of projects. */
  | 'PROJECTS'
  /** The groups that were invited into it. */
  | 'SHARES'
  /** Its access tokens. */
  | 'TOKENS'
  /** The list of people. */
  | 'USERS';

/** Something that an extraction could not read. */
export type UnknownSource = {
  /** Why not, in plain English. */
  readonly cause: Scalars['String']['output'];
  /** Its full path, where that is known. */
  readonly fullPath?: Maybe<Scalars['String']['output']>;
  /** GitLab's number of the thing; null for a list. */
  readonly gitlabId?: Maybe<Scalars['ID']['output']>;
  /** Which kind of thing it is. */
  readonly kind: UnknownSourceKind;
  /** What of it could not be read. */
  readonly what: UnknownPart;
};

/** A page of what could not be read. */
export type UnknownSourceConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<UnknownSourceEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<UnknownSource>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One thing in a list of what could not be read. */
export type UnknownSourceEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself. */
  readonly node: UnknownSource;
};

/** Kinds of things that an extraction may be unable to read. */
export type UnknownSourceKind =
  /** A group. */
  | 'GROUP'
  /** A whole list, from some page on; nothing is taken for gone because it was not seen in it. */
  | 'LIST'
  /** A person or robot. */
  | 'PERSON'
  /** A project. */
  | 'PROJECT'
  /** Tokens that belong to no group or project. */
  | 'TOKENS';

/** What to change of a connection; a field that is left out stays as it is. */
export type UpdateConnectionInput = {
  /** Its new address. */
  readonly baseUrl?: InputMaybe<Scalars['URL']['input']>;
  /** The connection to change. */
  readonly connectionId: Scalars['ID']['input'];
  /** Takes another user's token, or one that reaches less far, although grants stand that it could not take back. */
  readonly force?: Scalars['Boolean']['input'];
  /** A key of the caller's own making: the same call with the same key, within seven days, happens once. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Its new name. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Its new token. */
  readonly token?: InputMaybe<Scalars['String']['input']>;
};

/** What changing a connection came to. */
export type UpdateConnectionPayload = {
  /** The changed connection; null when it was not changed. */
  readonly connection?: Maybe<Connection>;
  /** The checks of the new address or token; null when none was made. */
  readonly report?: Maybe<ConnectionReport>;
  /** What the caller can mend. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A GitLab user. */
export type User = Node & {
  /**
   * The access tokens of this user, the lowest number first: a bot's are those of its group or project. GitLab shows them to
   * administrators and the user alone, a service account's also to Owners of the top-level group that made it, and a bot's to whom it
   * shows that group's or project's. For anybody else's connection this is null with the error UPSTREAM_FORBIDDEN.
   */
  readonly accessTokens?: Maybe<AccessTokenConnection>;
  /** The picture; null where there is none. */
  readonly avatarUrl?: Maybe<Scalars['URL']['output']>;
  /** GitLab's own number, which never changes. */
  readonly gitlabId: Scalars['ID']['output'];
  /** Grants of temporary access to this user on this GitLab, newest first. */
  readonly grants: GrantConnection;
  /** The global id. */
  readonly id: Scalars['ID']['output'];
  /** What kind of user it is. */
  readonly kind: UserKind;
  /** Direct rows in every group and project that the connection can read, those of blocked people and private profiles too. */
  readonly memberships?: Maybe<MemberConnection>;
  /** The name for people. */
  readonly name: Scalars['String']['output'];
  /** Whether the user may sign in; null where GitLab does not tell. */
  readonly state?: Maybe<UserState>;
  /** The username. */
  readonly username: Scalars['String']['output'];
  /** The profile page in GitLab. */
  readonly webUrl: Scalars['URL']['output'];
};


/** A GitLab user. */
export type UserAccessTokensArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccessTokenFilter>;
  first?: Scalars['Int']['input'];
};


/** A GitLab user. */
export type UserGrantsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<GrantFilter>;
  first?: Scalars['Int']['input'];
};


/** A GitLab user. */
export type UserMembershipsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** A page of users. */
export type UserConnection = {
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<UserEdge>;
  /** The entries without their cursors. */
  readonly nodes: ReadonlyArray<User>;
  /** Where this page stands within the list. */
  readonly pageInfo: PageInfo;
  /** How many there are over all pages; null where GitLab gives no cheap count. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** One user in a list. */
export type UserEdge = {
  /** Where it stands in the list; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The user itself. */
  readonly node: User;
};

/** Something in a mutation's input that the caller can mend. Nothing was stored or changed. */
export type UserError = {
  /** Which kind of fault it is. */
  readonly code: UserErrorCode;
  /** The path of the faulty field in the input, outermost first; null where it is about no single field. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What is wrong and what to do, in plain English. */
  readonly message: Scalars['String']['output'];
};

/** Kinds of faults that a caller can mend. More may be added. */
export type UserErrorCode =
  /** It has ended, or is due to end. */
  | 'ALREADY_ENDED'
  /** The connection's token no longer works. */
  | 'CONNECTION_DEGRADED'
  /** Grants or revocations stand on the connection. */
  | 'CONNECTION_IN_USE'
  /** Another connection has that name. */
  | 'CONNECTION_NAME_TAKEN'
  /** At least one check of the connection failed: see the report. */
  | 'CONNECTION_TEST_FAILED'
  /** The policy does not allow access for so long, or without an end. */
  | 'DURATION_NOT_ALLOWED'
  /** The group does not admit the domain of the user's email address. */
  | 'EMAIL_DOMAIN_NOT_ALLOWED'
  /** The idempotency key was used with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A value is not one that is accepted here. */
  | 'INVALID_INPUT'
  /** The group would be left, now or at the end, without an owner. */
  | 'LAST_OWNER'
  /** The user inherits a higher role from a group above. */
  | 'LEVEL_BELOW_INHERITED'
  /** This role cannot be given here. */
  | 'LEVEL_NOT_ASSIGNABLE'
  /** The thing that the input points at does not exist, or this connection may not see it. */
  | 'NOT_FOUND'
  /** This GitLab's edition or version cannot do it. */
  | 'NOT_SUPPORTED_BY_INSTANCE'
  /** GitLab refused it; the message says what it gave as the reason. */
  | 'REFUSED_BY_GITLAB'
  /** GitLab has no free seat for the user. */
  | 'SEAT_LIMIT'
  /** The user must sign in once through the group's single sign-on first. */
  | 'SSO_REQUIRED'
  /** Memberships of this group or project may not be written. */
  | 'TARGET_LOCKED'
  /** The token was not rotated, or it is not known yet whether it was; the message says what to do. */
  | 'TOKEN_NOT_ROTATED'
  /** The user is blocked, banned or deactivated in GitLab. */
  | 'USER_INACTIVE'
  /** The gateway never changes the memberships of this user: its own users, bots, and owners of personal namespaces. */
  | 'USER_NOT_MANAGEABLE';

/** Kinds of GitLab users. */
export type UserKind =
  /** A person. */
  | 'HUMAN'
  /** Any other user of GitLab's own. */
  | 'OTHER'
  /** A service account. */
  | 'SERVICE_ACCOUNT'
  /** The bot of a project or group access token. */
  | 'TOKEN_BOT';

/** One way to point at a user. */
export type UserRef =
  /** By GitLab's number. */
  { readonly gitlabId: Scalars['ID']['input']; readonly id?: never; readonly username?: never; }
  |  /** By global id. */
  { readonly gitlabId?: never; readonly id: Scalars['ID']['input']; readonly username?: never; }
  |  /** By username, whatever the case. */
  { readonly gitlabId?: never; readonly id?: never; readonly username: Scalars['String']['input']; };

/** Whether a user may sign in. */
export type UserState =
  /** May sign in. */
  | 'ACTIVE'
  /** Banned. */
  | 'BANNED'
  /** Blocked by an administrator or an identity provider. */
  | 'BLOCKED'
  /** Deactivated, for example after long absence. */
  | 'DEACTIVATED'
  /** A state that is not known here. */
  | 'OTHER'
  /** Waiting for an administrator's approval. */
  | 'PENDING_APPROVAL';

/** Who is asking. */
export type Viewer = {
  /** The GitLab usernames that are known to belong to the caller. */
  readonly gitlabUsernames: ReadonlyArray<Scalars['String']['output']>;
  /** The name for people. */
  readonly name: Scalars['String']['output'];
  /** What the caller may do. */
  readonly roles: ReadonlyArray<Role>;
  /** The name under which this caller's acts are recorded. */
  readonly subject: Scalars['String']['output'];
};

/** Who may see a group or project. */
export type Visibility =
  /** Everybody who is signed in. */
  | 'INTERNAL'
  /** Only its members. */
  | 'PRIVATE'
  /** Everybody. */
  | 'PUBLIC';



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Access: ResolverTypeWrapper<AccessNode>;
  AccessLevel: AccessLevel;
  AccessRef: AccessRef;
  AccessToken: ResolverTypeWrapper<AccessTokenNode>;
  AccessTokenConnection: ResolverTypeWrapper<Omit<AccessTokenConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['AccessTokenEdge']>, nodes: ReadonlyArray<ResolversTypes['AccessToken']> }>;
  AccessTokenEdge: ResolverTypeWrapper<Omit<AccessTokenEdge, 'node'> & { node: ResolversTypes['AccessToken'] }>;
  AccessTokenFilter: AccessTokenFilter;
  AccessTokenKind: AccessTokenKind;
  AuditEvent: ResolverTypeWrapper<AuditEventNode>;
  AuditEventConnection: ResolverTypeWrapper<Omit<AuditEventConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['AuditEventEdge']>, nodes: ReadonlyArray<ResolversTypes['AuditEvent']> }>;
  AuditEventEdge: ResolverTypeWrapper<Omit<AuditEventEdge, 'node'> & { node: ResolversTypes['AuditEvent'] }>;
  AuditEventFilter: AuditEventFilter;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CancelExtractionInput: CancelExtractionInput;
  CancelExtractionPayload: ResolverTypeWrapper<Omit<CancelExtractionPayload, 'extraction'> & { extraction?: Maybe<ResolversTypes['Extraction']> }>;
  CheckStatus: CheckStatus;
  Connection: ResolverTypeWrapper<ConnectionRecord>;
  ConnectionCheck: ResolverTypeWrapper<ConnectionCheck>;
  ConnectionCheckCode: ConnectionCheckCode;
  ConnectionIdentity: ResolverTypeWrapper<ConnectionIdentity>;
  ConnectionReport: ResolverTypeWrapper<ConnectionReport>;
  ConnectionStatus: ConnectionStatus;
  ConnectionToken: ResolverTypeWrapper<ConnectionTokenNode>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeleteConnectionInput: DeleteConnectionInput;
  DeleteConnectionPayload: ResolverTypeWrapper<DeleteConnectionPayload>;
  DormantHolder: ResolverTypeWrapper<DormantHolder>;
  DormantHolderConnection: ResolverTypeWrapper<DormantPage>;
  DormantHolderEdge: ResolverTypeWrapper<DormantHolderEdge>;
  Duration: ResolverTypeWrapper<Scalars['Duration']['output']>;
  ExtendGrantInput: ExtendGrantInput;
  ExtendGrantPayload: ResolverTypeWrapper<Omit<ExtendGrantPayload, 'grant'> & { grant?: Maybe<ResolversTypes['Grant']> }>;
  ExtractedMembership: ResolverTypeWrapper<ExtractedMembership>;
  ExtractedMembershipConnection: ResolverTypeWrapper<MembershipPage>;
  ExtractedMembershipEdge: ResolverTypeWrapper<ExtractedMembershipEdge>;
  ExtractedShare: ResolverTypeWrapper<ExtractedShare>;
  ExtractedSource: ResolverTypeWrapper<ExtractedSource>;
  ExtractedUser: ResolverTypeWrapper<ExtractedUser>;
  Extraction: ResolverTypeWrapper<ExtractionRow>;
  ExtractionConnection: ResolverTypeWrapper<Omit<ExtractionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ExtractionEdge']>, nodes: ReadonlyArray<ResolversTypes['Extraction']> }>;
  ExtractionEdge: ResolverTypeWrapper<Omit<ExtractionEdge, 'node'> & { node: ResolversTypes['Extraction'] }>;
  ExtractionMode: ExtractionMode;
  ExtractionStatus: ExtractionStatus;
  GitLabInstance: ResolverTypeWrapper<GitLabInstance>;
  Grant: ResolverTypeWrapper<GrantNode>;
  GrantAccessInput: GrantAccessInput;
  GrantAccessPayload: ResolverTypeWrapper<Omit<GrantAccessPayload, 'grant'> & { grant?: Maybe<ResolversTypes['Grant']> }>;
  GrantConnection: ResolverTypeWrapper<Omit<GrantConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['GrantEdge']>, nodes: ReadonlyArray<ResolversTypes['Grant']> }>;
  GrantEdge: ResolverTypeWrapper<Omit<GrantEdge, 'node'> & { node: ResolversTypes['Grant'] }>;
  GrantEffect: GrantEffect;
  GrantEndReason: GrantEndReason;
  GrantFilter: GrantFilter;
  GrantProblem: ResolverTypeWrapper<Problem>;
  GrantProblemCode: GrantProblemCode;
  GrantStatus: GrantStatus;
  Group: ResolverTypeWrapper<GroupNode>;
  GroupConnection: ResolverTypeWrapper<Omit<GroupConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['GroupEdge']>, nodes: ReadonlyArray<ResolversTypes['Group']> }>;
  GroupEdge: ResolverTypeWrapper<Omit<GroupEdge, 'node'> & { node: ResolversTypes['Group'] }>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  IdentityKind: IdentityKind;
  Insight: ResolverTypeWrapper<InsightNode>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Member: ResolverTypeWrapper<MemberNode>;
  MemberConnection: ResolverTypeWrapper<Omit<MemberConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['MemberEdge']>, nodes: ReadonlyArray<ResolversTypes['Member']> }>;
  MemberEdge: ResolverTypeWrapper<Omit<MemberEdge, 'node'> & { node: ResolversTypes['Member'] }>;
  MemberRole: ResolverTypeWrapper<MemberRole>;
  MembershipChange: ResolverTypeWrapper<MembershipChange>;
  MembershipChangeConnection: ResolverTypeWrapper<ChangePage>;
  MembershipChangeEdge: ResolverTypeWrapper<MembershipChangeEdge>;
  MembershipChangeKind: MembershipChangeKind;
  MembershipKind: MembershipKind;
  MembershipRef: MembershipRef;
  MembershipRowRef: MembershipRowRef;
  MembershipSnapshot: ResolverTypeWrapper<Snapshot>;
  MembershipSource: ResolverTypeWrapper<SourceNode>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<AnyNode>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Project: ResolverTypeWrapper<ProjectNode>;
  ProjectConnection: ResolverTypeWrapper<Omit<ProjectConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ProjectEdge']>, nodes: ReadonlyArray<ResolversTypes['Project']> }>;
  ProjectEdge: ResolverTypeWrapper<Omit<ProjectEdge, 'node'> & { node: ResolversTypes['Project'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Reach: ResolverTypeWrapper<Reach>;
  ReachConnection: ResolverTypeWrapper<ReachPage>;
  ReachEdge: ResolverTypeWrapper<ReachEdge>;
  ReachLoss: ResolverTypeWrapper<ReachLoss>;
  ReachLossConnection: ResolverTypeWrapper<ReachLossConnection>;
  ReachLossEdge: ResolverTypeWrapper<ReachLossEdge>;
  ReachPath: ResolverTypeWrapper<ReachPath>;
  RemovalEffect: ResolverTypeWrapper<RemovalNode>;
  RemovalRef: RemovalRef;
  Residue: ResolverTypeWrapper<Residue>;
  ResidueItem: ResolverTypeWrapper<ResidueItem>;
  ResidueKind: ResidueKind;
  Revocation: ResolverTypeWrapper<RevocationRow>;
  RevocationConnection: ResolverTypeWrapper<Omit<RevocationConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['RevocationEdge']>, nodes: ReadonlyArray<ResolversTypes['Revocation']> }>;
  RevocationEdge: ResolverTypeWrapper<Omit<RevocationEdge, 'node'> & { node: ResolversTypes['Revocation'] }>;
  RevokeAccessInput: RevokeAccessInput;
  RevokeAccessPayload: ResolverTypeWrapper<RevokeAccessNode>;
  Role: Role;
  RotateConnectionTokenInput: RotateConnectionTokenInput;
  RotateConnectionTokenPayload: ResolverTypeWrapper<Omit<RotateConnectionTokenPayload, 'connection'> & { connection?: Maybe<ResolversTypes['Connection']> }>;
  RotateHookSecretInput: RotateHookSecretInput;
  RotateHookSecretPayload: ResolverTypeWrapper<RotateHookSecretPayload>;
  SaveConnectionInput: SaveConnectionInput;
  SaveConnectionPayload: ResolverTypeWrapper<Omit<SaveConnectionPayload, 'connection'> & { connection?: Maybe<ResolversTypes['Connection']> }>;
  ShareRef: ShareRef;
  SourceKind: SourceKind;
  StandingGrants: StandingGrants;
  StartExtractionInput: StartExtractionInput;
  StartExtractionPayload: ResolverTypeWrapper<Omit<StartExtractionPayload, 'extraction'> & { extraction?: Maybe<ResolversTypes['Extraction']> }>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  TargetRef: TargetRef;
  TestConnectionInput: TestConnectionInput;
  TestConnectionPayload: ResolverTypeWrapper<Omit<TestConnectionPayload, 'token'> & { token?: Maybe<ResolversTypes['ConnectionToken']> }>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  UnknownPart: UnknownPart;
  UnknownSource: ResolverTypeWrapper<UnknownSource>;
  UnknownSourceConnection: ResolverTypeWrapper<UnknownSourceConnection>;
  UnknownSourceEdge: ResolverTypeWrapper<UnknownSourceEdge>;
  UnknownSourceKind: UnknownSourceKind;
  UpdateConnectionInput: UpdateConnectionInput;
  UpdateConnectionPayload: ResolverTypeWrapper<Omit<UpdateConnectionPayload, 'connection'> & { connection?: Maybe<ResolversTypes['Connection']> }>;
  User: ResolverTypeWrapper<UserNode>;
  UserConnection: ResolverTypeWrapper<Omit<UserConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['UserEdge']>, nodes: ReadonlyArray<ResolversTypes['User']> }>;
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
  UserError: ResolverTypeWrapper<UserError>;
  UserErrorCode: UserErrorCode;
  UserKind: UserKind;
  UserRef: UserRef;
  UserState: UserState;
  Viewer: ResolverTypeWrapper<Viewer>;
  Visibility: Visibility;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Access: AccessNode;
  AccessRef: AccessRef;
  AccessToken: AccessTokenNode;
  AccessTokenConnection: Omit<AccessTokenConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['AccessTokenEdge']>, nodes: ReadonlyArray<ResolversParentTypes['AccessToken']> };
  AccessTokenEdge: Omit<AccessTokenEdge, 'node'> & { node: ResolversParentTypes['AccessToken'] };
  AccessTokenFilter: AccessTokenFilter;
  AuditEvent: AuditEventNode;
  AuditEventConnection: Omit<AuditEventConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['AuditEventEdge']>, nodes: ReadonlyArray<ResolversParentTypes['AuditEvent']> };
  AuditEventEdge: Omit<AuditEventEdge, 'node'> & { node: ResolversParentTypes['AuditEvent'] };
  AuditEventFilter: AuditEventFilter;
  Boolean: Scalars['Boolean']['output'];
  CancelExtractionInput: CancelExtractionInput;
  CancelExtractionPayload: Omit<CancelExtractionPayload, 'extraction'> & { extraction?: Maybe<ResolversParentTypes['Extraction']> };
  Connection: ConnectionRecord;
  ConnectionCheck: ConnectionCheck;
  ConnectionIdentity: ConnectionIdentity;
  ConnectionReport: ConnectionReport;
  ConnectionToken: ConnectionTokenNode;
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  DeleteConnectionInput: DeleteConnectionInput;
  DeleteConnectionPayload: DeleteConnectionPayload;
  DormantHolder: DormantHolder;
  DormantHolderConnection: DormantPage;
  DormantHolderEdge: DormantHolderEdge;
  Duration: Scalars['Duration']['output'];
  ExtendGrantInput: ExtendGrantInput;
  ExtendGrantPayload: Omit<ExtendGrantPayload, 'grant'> & { grant?: Maybe<ResolversParentTypes['Grant']> };
  ExtractedMembership: ExtractedMembership;
  ExtractedMembershipConnection: MembershipPage;
  ExtractedMembershipEdge: ExtractedMembershipEdge;
  ExtractedShare: ExtractedShare;
  ExtractedSource: ExtractedSource;
  ExtractedUser: ExtractedUser;
  Extraction: ExtractionRow;
  ExtractionConnection: Omit<ExtractionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ExtractionEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Extraction']> };
  ExtractionEdge: Omit<ExtractionEdge, 'node'> & { node: ResolversParentTypes['Extraction'] };
  GitLabInstance: GitLabInstance;
  Grant: GrantNode;
  GrantAccessInput: GrantAccessInput;
  GrantAccessPayload: Omit<GrantAccessPayload, 'grant'> & { grant?: Maybe<ResolversParentTypes['Grant']> };
  GrantConnection: Omit<GrantConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['GrantEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Grant']> };
  GrantEdge: Omit<GrantEdge, 'node'> & { node: ResolversParentTypes['Grant'] };
  GrantFilter: GrantFilter;
  GrantProblem: Problem;
  Group: GroupNode;
  GroupConnection: Omit<GroupConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['GroupEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Group']> };
  GroupEdge: Omit<GroupEdge, 'node'> & { node: ResolversParentTypes['Group'] };
  ID: Scalars['ID']['output'];
  Insight: InsightNode;
  Int: Scalars['Int']['output'];
  Member: MemberNode;
  MemberConnection: Omit<MemberConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['MemberEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Member']> };
  MemberEdge: Omit<MemberEdge, 'node'> & { node: ResolversParentTypes['Member'] };
  MemberRole: MemberRole;
  MembershipChange: MembershipChange;
  MembershipChangeConnection: ChangePage;
  MembershipChangeEdge: MembershipChangeEdge;
  MembershipRef: MembershipRef;
  MembershipRowRef: MembershipRowRef;
  MembershipSnapshot: Snapshot;
  MembershipSource: SourceNode;
  Mutation: Record<PropertyKey, never>;
  Node: AnyNode;
  PageInfo: PageInfo;
  Project: ProjectNode;
  ProjectConnection: Omit<ProjectConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ProjectEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Project']> };
  ProjectEdge: Omit<ProjectEdge, 'node'> & { node: ResolversParentTypes['Project'] };
  Query: Record<PropertyKey, never>;
  Reach: Reach;
  ReachConnection: ReachPage;
  ReachEdge: ReachEdge;
  ReachLoss: ReachLoss;
  ReachLossConnection: ReachLossConnection;
  ReachLossEdge: ReachLossEdge;
  ReachPath: ReachPath;
  RemovalEffect: RemovalNode;
  RemovalRef: RemovalRef;
  Residue: Residue;
  ResidueItem: ResidueItem;
  Revocation: RevocationRow;
  RevocationConnection: Omit<RevocationConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['RevocationEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Revocation']> };
  RevocationEdge: Omit<RevocationEdge, 'node'> & { node: ResolversParentTypes['Revocation'] };
  RevokeAccessInput: RevokeAccessInput;
  RevokeAccessPayload: RevokeAccessNode;
  RotateConnectionTokenInput: RotateConnectionTokenInput;
  RotateConnectionTokenPayload: Omit<RotateConnectionTokenPayload, 'connection'> & { connection?: Maybe<ResolversParentTypes['Connection']> };
  RotateHookSecretInput: RotateHookSecretInput;
  RotateHookSecretPayload: RotateHookSecretPayload;
  SaveConnectionInput: SaveConnectionInput;
  SaveConnectionPayload: Omit<SaveConnectionPayload, 'connection'> & { connection?: Maybe<ResolversParentTypes['Connection']> };
  ShareRef: ShareRef;
  StartExtractionInput: StartExtractionInput;
  StartExtractionPayload: Omit<StartExtractionPayload, 'extraction'> & { extraction?: Maybe<ResolversParentTypes['Extraction']> };
  String: Scalars['String']['output'];
  TargetRef: TargetRef;
  TestConnectionInput: TestConnectionInput;
  TestConnectionPayload: Omit<TestConnectionPayload, 'token'> & { token?: Maybe<ResolversParentTypes['ConnectionToken']> };
  URL: Scalars['URL']['output'];
  UnknownSource: UnknownSource;
  UnknownSourceConnection: UnknownSourceConnection;
  UnknownSourceEdge: UnknownSourceEdge;
  UpdateConnectionInput: UpdateConnectionInput;
  UpdateConnectionPayload: Omit<UpdateConnectionPayload, 'connection'> & { connection?: Maybe<ResolversParentTypes['Connection']> };
  User: UserNode;
  UserConnection: Omit<UserConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['UserEdge']>, nodes: ReadonlyArray<ResolversParentTypes['User']> };
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
  UserError: UserError;
  UserRef: UserRef;
  Viewer: Viewer;
};

export type AccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Access'] = ResolversParentTypes['Access']> = {
  accessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelValue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  paths?: Resolver<ReadonlyArray<ResolversTypes['Member']>, ParentType, ContextType>;
  pathsComplete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type AccessTokenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessToken'] = ResolversParentTypes['AccessToken']> = {
  accessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelValue?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  active?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['AccessTokenKind'], ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revoked?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['MembershipSource']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AccessTokenConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessTokenConnection'] = ResolversParentTypes['AccessTokenConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AccessTokenEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['AccessToken']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type AccessTokenEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessTokenEdge'] = ResolversParentTypes['AccessTokenEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AccessToken'], ParentType, ContextType>;
};

export type AuditEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEvent'] = ResolversParentTypes['AuditEvent']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  connection?: Resolver<Maybe<ResolversTypes['Connection']>, ParentType, ContextType>;
  grant?: Resolver<Maybe<ResolversTypes['Grant']>, ParentType, ContextType>;
  hash?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AuditEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEventConnection'] = ResolversParentTypes['AuditEventConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AuditEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['AuditEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type AuditEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEventEdge'] = ResolversParentTypes['AuditEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEvent'], ParentType, ContextType>;
};

export type CancelExtractionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelExtractionPayload'] = ResolversParentTypes['CancelExtractionPayload']> = {
  extraction?: Resolver<Maybe<ResolversTypes['Extraction']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Connection'] = ResolversParentTypes['Connection']> = {
  accessTokens?: Resolver<Maybe<ResolversTypes['AccessTokenConnection']>, ParentType, ContextType, RequireFields<ConnectionAccessTokensArgs, 'first'>>;
  baseUrl?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  extractions?: Resolver<ResolversTypes['ExtractionConnection'], ParentType, ContextType, RequireFields<ConnectionExtractionsArgs, 'first'>>;
  grants?: Resolver<ResolversTypes['GrantConnection'], ParentType, ContextType, RequireFields<ConnectionGrantsArgs, 'first'>>;
  group?: Resolver<Maybe<ResolversTypes['Group']>, ParentType, ContextType, RequireFields<ConnectionGroupArgs, 'fullPath'>>;
  groups?: Resolver<Maybe<ResolversTypes['GroupConnection']>, ParentType, ContextType, RequireFields<ConnectionGroupsArgs, 'first' | 'topLevelOnly'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  identity?: Resolver<ResolversTypes['ConnectionIdentity'], ParentType, ContextType>;
  insight?: Resolver<Maybe<ResolversTypes['Insight']>, ParentType, ContextType, Partial<ConnectionInsightArgs>>;
  instance?: Resolver<ResolversTypes['GitLabInstance'], ParentType, ContextType>;
  lastExtraction?: Resolver<Maybe<ResolversTypes['Extraction']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType, RequireFields<ConnectionProjectArgs, 'fullPath'>>;
  projects?: Resolver<Maybe<ResolversTypes['ProjectConnection']>, ParentType, ContextType, RequireFields<ConnectionProjectsArgs, 'first'>>;
  report?: Resolver<ResolversTypes['ConnectionReport'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ConnectionStatus'], ParentType, ContextType>;
  statusReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  token?: Resolver<ResolversTypes['ConnectionToken'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<ConnectionUserArgs, 'username'>>;
  users?: Resolver<Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, RequireFields<ConnectionUsersArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ConnectionCheckResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConnectionCheck'] = ResolversParentTypes['ConnectionCheck']> = {
  code?: Resolver<ResolversTypes['ConnectionCheckCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  remedy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['CheckStatus'], ParentType, ContextType>;
};

export type ConnectionIdentityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConnectionIdentity'] = ResolversParentTypes['ConnectionIdentity']> = {
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isAdmin?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['IdentityKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  username?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ConnectionReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConnectionReport'] = ResolversParentTypes['ConnectionReport']> = {
  checkedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  checks?: Resolver<ReadonlyArray<ResolversTypes['ConnectionCheck']>, ParentType, ContextType>;
  passed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ConnectionTokenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConnectionToken'] = ResolversParentTypes['ConnectionToken']> = {
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  daysLeft?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeleteConnectionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteConnectionPayload'] = ResolversParentTypes['DeleteConnectionPayload']> = {
  deletedConnectionId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DormantHolderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DormantHolder'] = ResolversParentTypes['DormantHolder']> = {
  membershipCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  memberships?: Resolver<ReadonlyArray<ResolversTypes['ExtractedMembership']>, ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ExtractedUser'], ParentType, ContextType>;
};

export type DormantHolderConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DormantHolderConnection'] = ResolversParentTypes['DormantHolderConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DormantHolderEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['DormantHolder']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unknownSources?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DormantHolderEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DormantHolderEdge'] = ResolversParentTypes['DormantHolderEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DormantHolder'], ParentType, ContextType>;
};

export interface DurationScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Duration'], any> {
  name: 'Duration';
}

export type ExtendGrantPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtendGrantPayload'] = ResolversParentTypes['ExtendGrantPayload']> = {
  grant?: Resolver<Maybe<ResolversTypes['Grant']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ExtractedMembershipResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtractedMembership'] = ResolversParentTypes['ExtractedMembership']> = {
  accessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelValue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  expired?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  memberRoleId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  source?: Resolver<ResolversTypes['ExtractedSource'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ExtractedUser'], ParentType, ContextType>;
};

export type ExtractedMembershipConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtractedMembershipConnection'] = ResolversParentTypes['ExtractedMembershipConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ExtractedMembershipEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ExtractedMembership']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unknownSources?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ExtractedMembershipEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtractedMembershipEdge'] = ResolversParentTypes['ExtractedMembershipEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ExtractedMembership'], ParentType, ContextType>;
};

export type ExtractedShareResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtractedShare'] = ResolversParentTypes['ExtractedShare']> = {
  expiresAt?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  group?: Resolver<ResolversTypes['ExtractedSource'], ParentType, ContextType>;
  maxAccessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  maxAccessLevelValue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  memberRoleId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  source?: Resolver<ResolversTypes['ExtractedSource'], ParentType, ContextType>;
};

export type ExtractedSourceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtractedSource'] = ResolversParentTypes['ExtractedSource']> = {
  archived?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  fullPath?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['SourceKind'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  visibility?: Resolver<Maybe<ResolversTypes['Visibility']>, ParentType, ContextType>;
};

export type ExtractedUserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtractedUser'] = ResolversParentTypes['ExtractedUser']> = {
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<Maybe<ResolversTypes['UserKind']>, ParentType, ContextType>;
  lastActivityOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['UserState']>, ParentType, ContextType>;
  username?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ExtractionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Extraction'] = ResolversParentTypes['Extraction']> = {
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  connection?: Resolver<ResolversTypes['Connection'], ParentType, ContextType>;
  done?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  mode?: Resolver<ResolversTypes['ExtractionMode'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  run?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ExtractionStatus'], ParentType, ContextType>;
  total?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unknownSources?: Resolver<ResolversTypes['UnknownSourceConnection'], ParentType, ContextType, RequireFields<ExtractionUnknownSourcesArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ExtractionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtractionConnection'] = ResolversParentTypes['ExtractionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ExtractionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Extraction']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type ExtractionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExtractionEdge'] = ResolversParentTypes['ExtractionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Extraction'], ParentType, ContextType>;
};

export type GitLabInstanceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GitLabInstance'] = ResolversParentTypes['GitLabInstance']> = {
  enterprise?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  gitlabDotCom?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Grant'] = ResolversParentTypes['Grant']> = {
  accessLevel?: Resolver<ResolversTypes['AccessLevel'], ParentType, ContextType>;
  activatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  backstop?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  base?: Resolver<Maybe<ResolversTypes['MembershipSnapshot']>, ParentType, ContextType>;
  connection?: Resolver<Maybe<ResolversTypes['Connection']>, ParentType, ContextType>;
  duration?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
  effect?: Resolver<Maybe<ResolversTypes['GrantEffect']>, ParentType, ContextType>;
  endReason?: Resolver<Maybe<ResolversTypes['GrantEndReason']>, ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  history?: Resolver<ResolversTypes['AuditEventConnection'], ParentType, ContextType, RequireFields<GrantHistoryArgs, 'first'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inForceAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  memberRoleId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['GrantProblem']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  residue?: Resolver<Maybe<ResolversTypes['Residue']>, ParentType, ContextType>;
  satisfiedBy?: Resolver<Maybe<ResolversTypes['MembershipSource']>, ParentType, ContextType>;
  startsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['GrantStatus'], ParentType, ContextType>;
  target?: Resolver<Maybe<ResolversTypes['MembershipSource']>, ParentType, ContextType>;
  targetPath?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  username?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verifiedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GrantAccessPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantAccessPayload'] = ResolversParentTypes['GrantAccessPayload']> = {
  grant?: Resolver<Maybe<ResolversTypes['Grant']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type GrantConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantConnection'] = ResolversParentTypes['GrantConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['GrantEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Grant']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type GrantEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantEdge'] = ResolversParentTypes['GrantEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Grant'], ParentType, ContextType>;
};

export type GrantProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantProblem'] = ResolversParentTypes['GrantProblem']> = {
  code?: Resolver<ResolversTypes['GrantProblemCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type GroupResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Group'] = ResolversParentTypes['Group']> = {
  access?: Resolver<Maybe<ResolversTypes['Access']>, ParentType, ContextType, RequireFields<GroupAccessArgs, 'user'>>;
  accessTokens?: Resolver<Maybe<ResolversTypes['AccessTokenConnection']>, ParentType, ContextType, RequireFields<GroupAccessTokensArgs, 'first'>>;
  ancestors?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Group']>>, ParentType, ContextType>;
  fullPath?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  members?: Resolver<Maybe<ResolversTypes['MemberConnection']>, ParentType, ContextType, RequireFields<GroupMembersArgs, 'first' | 'kinds'>>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Group']>, ParentType, ContextType>;
  projects?: Resolver<Maybe<ResolversTypes['ProjectConnection']>, ParentType, ContextType, RequireFields<GroupProjectsArgs, 'first'>>;
  subgroups?: Resolver<Maybe<ResolversTypes['GroupConnection']>, ParentType, ContextType, RequireFields<GroupSubgroupsArgs, 'first'>>;
  visibility?: Resolver<Maybe<ResolversTypes['Visibility']>, ParentType, ContextType>;
  webUrl?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GroupConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GroupConnection'] = ResolversParentTypes['GroupConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['GroupEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Group']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type GroupEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GroupEdge'] = ResolversParentTypes['GroupEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Group'], ParentType, ContextType>;
};

export type InsightResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Insight'] = ResolversParentTypes['Insight']> = {
  ageSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  changes?: Resolver<ResolversTypes['MembershipChangeConnection'], ParentType, ContextType, RequireFields<InsightChangesArgs, 'first' | 'kinds' | 'sinceRun'>>;
  dormant?: Resolver<ResolversTypes['DormantHolderConnection'], ParentType, ContextType, RequireFields<InsightDormantArgs, 'atLeast' | 'days' | 'first' | 'inForceOnly' | 'kinds'>>;
  expiring?: Resolver<ResolversTypes['ExtractedMembershipConnection'], ParentType, ContextType, RequireFields<InsightExpiringArgs, 'first' | 'withinDays'>>;
  finishedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ifRemoved?: Resolver<ResolversTypes['RemovalEffect'], ParentType, ContextType, RequireFields<InsightIfRemovedArgs, 'removed'>>;
  run?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sourceReach?: Resolver<ResolversTypes['ReachConnection'], ParentType, ContextType, RequireFields<InsightSourceReachArgs, 'first' | 'inForceOnly' | 'source'>>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  unknownSources?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userReach?: Resolver<ResolversTypes['ReachConnection'], ParentType, ContextType, RequireFields<InsightUserReachArgs, 'first' | 'kinds' | 'user'>>;
};

export type MemberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member']> = {
  accessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelValue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  grant?: Resolver<Maybe<ResolversTypes['Grant']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['MembershipKind'], ParentType, ContextType>;
  memberRole?: Resolver<Maybe<ResolversTypes['MemberRole']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['MembershipSource']>, ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type MemberConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberConnection'] = ResolversParentTypes['MemberConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['MemberEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Member']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type MemberEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberEdge'] = ResolversParentTypes['MemberEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
};

export type MemberRoleResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberRole'] = ResolversParentTypes['MemberRole']> = {
  baseAccessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MembershipChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MembershipChange'] = ResolversParentTypes['MembershipChange']> = {
  after?: Resolver<Maybe<ResolversTypes['ExtractedMembership']>, ParentType, ContextType>;
  before?: Resolver<Maybe<ResolversTypes['ExtractedMembership']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['MembershipChangeKind'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['ExtractedSource'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ExtractedUser'], ParentType, ContextType>;
};

export type MembershipChangeConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MembershipChangeConnection'] = ResolversParentTypes['MembershipChangeConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['MembershipChangeEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['MembershipChange']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unknownSources?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type MembershipChangeEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MembershipChangeEdge'] = ResolversParentTypes['MembershipChangeEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['MembershipChange'], ParentType, ContextType>;
};

export type MembershipSnapshotResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MembershipSnapshot'] = ResolversParentTypes['MembershipSnapshot']> = {
  accessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelValue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  memberRoleId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type MembershipSourceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MembershipSource'] = ResolversParentTypes['MembershipSource']> = {
  __resolveType: TypeResolveFn<'Group' | 'Project', ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  cancelExtraction?: Resolver<ResolversTypes['CancelExtractionPayload'], ParentType, ContextType, RequireFields<MutationCancelExtractionArgs, 'input'>>;
  deleteConnection?: Resolver<ResolversTypes['DeleteConnectionPayload'], ParentType, ContextType, RequireFields<MutationDeleteConnectionArgs, 'input'>>;
  extendGrant?: Resolver<ResolversTypes['ExtendGrantPayload'], ParentType, ContextType, RequireFields<MutationExtendGrantArgs, 'input'>>;
  grantAccess?: Resolver<ResolversTypes['GrantAccessPayload'], ParentType, ContextType, RequireFields<MutationGrantAccessArgs, 'input'>>;
  revokeAccess?: Resolver<ResolversTypes['RevokeAccessPayload'], ParentType, ContextType, RequireFields<MutationRevokeAccessArgs, 'input'>>;
  rotateConnectionToken?: Resolver<ResolversTypes['RotateConnectionTokenPayload'], ParentType, ContextType, RequireFields<MutationRotateConnectionTokenArgs, 'input'>>;
  rotateHookSecret?: Resolver<ResolversTypes['RotateHookSecretPayload'], ParentType, ContextType, RequireFields<MutationRotateHookSecretArgs, 'input'>>;
  saveConnection?: Resolver<ResolversTypes['SaveConnectionPayload'], ParentType, ContextType, RequireFields<MutationSaveConnectionArgs, 'input'>>;
  startExtraction?: Resolver<ResolversTypes['StartExtractionPayload'], ParentType, ContextType, RequireFields<MutationStartExtractionArgs, 'input'>>;
  testConnection?: Resolver<ResolversTypes['TestConnectionPayload'], ParentType, ContextType, RequireFields<MutationTestConnectionArgs, 'input'>>;
  updateConnection?: Resolver<ResolversTypes['UpdateConnectionPayload'], ParentType, ContextType, RequireFields<MutationUpdateConnectionArgs, 'input'>>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'AccessToken' | 'AuditEvent' | 'Connection' | 'Extraction' | 'Grant' | 'Group' | 'Project' | 'Revocation' | 'User', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project']> = {
  access?: Resolver<Maybe<ResolversTypes['Access']>, ParentType, ContextType, RequireFields<ProjectAccessArgs, 'user'>>;
  accessTokens?: Resolver<Maybe<ResolversTypes['AccessTokenConnection']>, ParentType, ContextType, RequireFields<ProjectAccessTokensArgs, 'first'>>;
  archived?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  fullPath?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  group?: Resolver<Maybe<ResolversTypes['Group']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  members?: Resolver<Maybe<ResolversTypes['MemberConnection']>, ParentType, ContextType, RequireFields<ProjectMembersArgs, 'first' | 'kinds'>>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  visibility?: Resolver<Maybe<ResolversTypes['Visibility']>, ParentType, ContextType>;
  webUrl?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProjectConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectConnection'] = ResolversParentTypes['ProjectConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProjectEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Project']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type ProjectEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectEdge'] = ResolversParentTypes['ProjectEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Project'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  auditEvents?: Resolver<ResolversTypes['AuditEventConnection'], ParentType, ContextType, RequireFields<QueryAuditEventsArgs, 'first'>>;
  connection?: Resolver<Maybe<ResolversTypes['Connection']>, ParentType, ContextType, RequireFields<QueryConnectionArgs, 'name'>>;
  connections?: Resolver<ReadonlyArray<ResolversTypes['Connection']>, ParentType, ContextType>;
  grants?: Resolver<ResolversTypes['GrantConnection'], ParentType, ContextType, RequireFields<QueryGrantsArgs, 'first'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  revocations?: Resolver<ResolversTypes['RevocationConnection'], ParentType, ContextType, RequireFields<QueryRevocationsArgs, 'first' | 'pendingOnly'>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
};

export type ReachResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Reach'] = ResolversParentTypes['Reach']> = {
  accessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelValue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  inForce?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  paths?: Resolver<ReadonlyArray<ResolversTypes['ReachPath']>, ParentType, ContextType>;
  source?: Resolver<ResolversTypes['ExtractedSource'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ExtractedUser'], ParentType, ContextType>;
};

export type ReachConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReachConnection'] = ResolversParentTypes['ReachConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ReachEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Reach']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unknownSources?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ReachEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReachEdge'] = ResolversParentTypes['ReachEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Reach'], ParentType, ContextType>;
};

export type ReachLossResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReachLoss'] = ResolversParentTypes['ReachLoss']> = {
  accessLevelAfter?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelBefore?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelValueAfter?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  accessLevelValueBefore?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['ExtractedSource'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ExtractedUser'], ParentType, ContextType>;
};

export type ReachLossConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReachLossConnection'] = ResolversParentTypes['ReachLossConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ReachLossEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ReachLoss']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type ReachLossEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReachLossEdge'] = ResolversParentTypes['ReachLossEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ReachLoss'], ParentType, ContextType>;
};

export type ReachPathResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReachPath'] = ResolversParentTypes['ReachPath']> = {
  accessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  accessLevelValue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  expired?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['MembershipKind'], ParentType, ContextType>;
  membership?: Resolver<ResolversTypes['ExtractedMembership'], ParentType, ContextType>;
  shares?: Resolver<ReadonlyArray<ResolversTypes['ExtractedShare']>, ParentType, ContextType>;
};

export type RemovalEffectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RemovalEffect'] = ResolversParentTypes['RemovalEffect']> = {
  losses?: Resolver<ResolversTypes['ReachLossConnection'], ParentType, ContextType, RequireFields<RemovalEffectLossesArgs, 'first'>>;
  peopleCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unknownSources?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ResidueResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Residue'] = ResolversParentTypes['Residue']> = {
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  items?: Resolver<ReadonlyArray<ResolversTypes['ResidueItem']>, ParentType, ContextType>;
  readAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  remainingAccessLevel?: Resolver<Maybe<ResolversTypes['AccessLevel']>, ParentType, ContextType>;
  remainingAccessLevelValue?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  remainingPaths?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  unread?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ResidueItemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResidueItem'] = ResolversParentTypes['ResidueItem']> = {
  createdBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ResidueKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sourcePath?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RevocationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Revocation'] = ResolversParentTypes['Revocation']> = {
  connection?: Resolver<Maybe<ResolversTypes['Connection']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['GrantProblem']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  removed?: Resolver<Maybe<ResolversTypes['MembershipSnapshot']>, ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  target?: Resolver<Maybe<ResolversTypes['MembershipSource']>, ParentType, ContextType>;
  targetPath?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  username?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verifiedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RevocationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevocationConnection'] = ResolversParentTypes['RevocationConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['RevocationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Revocation']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type RevocationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevocationEdge'] = ResolversParentTypes['RevocationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Revocation'], ParentType, ContextType>;
};

export type RevokeAccessPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeAccessPayload'] = ResolversParentTypes['RevokeAccessPayload']> = {
  grants?: Resolver<ReadonlyArray<ResolversTypes['Grant']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['GrantProblem']>, ParentType, ContextType>;
  remaining?: Resolver<Maybe<ResolversTypes['Access']>, ParentType, ContextType>;
  revocation?: Resolver<Maybe<ResolversTypes['Revocation']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
  verifiedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type RotateConnectionTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RotateConnectionTokenPayload'] = ResolversParentTypes['RotateConnectionTokenPayload']> = {
  connection?: Resolver<Maybe<ResolversTypes['Connection']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RotateHookSecretPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RotateHookSecretPayload'] = ResolversParentTypes['RotateHookSecretPayload']> = {
  path?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  secret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SaveConnectionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SaveConnectionPayload'] = ResolversParentTypes['SaveConnectionPayload']> = {
  connection?: Resolver<Maybe<ResolversTypes['Connection']>, ParentType, ContextType>;
  report?: Resolver<Maybe<ResolversTypes['ConnectionReport']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StartExtractionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StartExtractionPayload'] = ResolversParentTypes['StartExtractionPayload']> = {
  extraction?: Resolver<Maybe<ResolversTypes['Extraction']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TestConnectionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TestConnectionPayload'] = ResolversParentTypes['TestConnectionPayload']> = {
  identity?: Resolver<Maybe<ResolversTypes['ConnectionIdentity']>, ParentType, ContextType>;
  instance?: Resolver<Maybe<ResolversTypes['GitLabInstance']>, ParentType, ContextType>;
  report?: Resolver<Maybe<ResolversTypes['ConnectionReport']>, ParentType, ContextType>;
  token?: Resolver<Maybe<ResolversTypes['ConnectionToken']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export type UnknownSourceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnknownSource'] = ResolversParentTypes['UnknownSource']> = {
  cause?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fullPath?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  gitlabId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['UnknownSourceKind'], ParentType, ContextType>;
  what?: Resolver<ResolversTypes['UnknownPart'], ParentType, ContextType>;
};

export type UnknownSourceConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnknownSourceConnection'] = ResolversParentTypes['UnknownSourceConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UnknownSourceEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['UnknownSource']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type UnknownSourceEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnknownSourceEdge'] = ResolversParentTypes['UnknownSourceEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['UnknownSource'], ParentType, ContextType>;
};

export type UpdateConnectionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateConnectionPayload'] = ResolversParentTypes['UpdateConnectionPayload']> = {
  connection?: Resolver<Maybe<ResolversTypes['Connection']>, ParentType, ContextType>;
  report?: Resolver<Maybe<ResolversTypes['ConnectionReport']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  accessTokens?: Resolver<Maybe<ResolversTypes['AccessTokenConnection']>, ParentType, ContextType, RequireFields<UserAccessTokensArgs, 'first'>>;
  avatarUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
  gitlabId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  grants?: Resolver<ResolversTypes['GrantConnection'], ParentType, ContextType, RequireFields<UserGrantsArgs, 'first'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['UserKind'], ParentType, ContextType>;
  memberships?: Resolver<Maybe<ResolversTypes['MemberConnection']>, ParentType, ContextType, RequireFields<UserMembershipsArgs, 'first'>>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['UserState']>, ParentType, ContextType>;
  username?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  webUrl?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type UserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  gitlabUsernames?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  roles?: Resolver<ReadonlyArray<ResolversTypes['Role']>, ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Access?: AccessResolvers<ContextType>;
  AccessToken?: AccessTokenResolvers<ContextType>;
  AccessTokenConnection?: AccessTokenConnectionResolvers<ContextType>;
  AccessTokenEdge?: AccessTokenEdgeResolvers<ContextType>;
  AuditEvent?: AuditEventResolvers<ContextType>;
  AuditEventConnection?: AuditEventConnectionResolvers<ContextType>;
  AuditEventEdge?: AuditEventEdgeResolvers<ContextType>;
  CancelExtractionPayload?: CancelExtractionPayloadResolvers<ContextType>;
  Connection?: ConnectionResolvers<ContextType>;
  ConnectionCheck?: ConnectionCheckResolvers<ContextType>;
  ConnectionIdentity?: ConnectionIdentityResolvers<ContextType>;
  ConnectionReport?: ConnectionReportResolvers<ContextType>;
  ConnectionToken?: ConnectionTokenResolvers<ContextType>;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  DeleteConnectionPayload?: DeleteConnectionPayloadResolvers<ContextType>;
  DormantHolder?: DormantHolderResolvers<ContextType>;
  DormantHolderConnection?: DormantHolderConnectionResolvers<ContextType>;
  DormantHolderEdge?: DormantHolderEdgeResolvers<ContextType>;
  Duration?: GraphQLScalarType;
  ExtendGrantPayload?: ExtendGrantPayloadResolvers<ContextType>;
  ExtractedMembership?: ExtractedMembershipResolvers<ContextType>;
  ExtractedMembershipConnection?: ExtractedMembershipConnectionResolvers<ContextType>;
  ExtractedMembershipEdge?: ExtractedMembershipEdgeResolvers<ContextType>;
  ExtractedShare?: ExtractedShareResolvers<ContextType>;
  ExtractedSource?: ExtractedSourceResolvers<ContextType>;
  ExtractedUser?: ExtractedUserResolvers<ContextType>;
  Extraction?: ExtractionResolvers<ContextType>;
  ExtractionConnection?: ExtractionConnectionResolvers<ContextType>;
  ExtractionEdge?: ExtractionEdgeResolvers<ContextType>;
  GitLabInstance?: GitLabInstanceResolvers<ContextType>;
  Grant?: GrantResolvers<ContextType>;
  GrantAccessPayload?: GrantAccessPayloadResolvers<ContextType>;
  GrantConnection?: GrantConnectionResolvers<ContextType>;
  GrantEdge?: GrantEdgeResolvers<ContextType>;
  GrantProblem?: GrantProblemResolvers<ContextType>;
  Group?: GroupResolvers<ContextType>;
  GroupConnection?: GroupConnectionResolvers<ContextType>;
  GroupEdge?: GroupEdgeResolvers<ContextType>;
  Insight?: InsightResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  MemberConnection?: MemberConnectionResolvers<ContextType>;
  MemberEdge?: MemberEdgeResolvers<ContextType>;
  MemberRole?: MemberRoleResolvers<ContextType>;
  MembershipChange?: MembershipChangeResolvers<ContextType>;
  MembershipChangeConnection?: MembershipChangeConnectionResolvers<ContextType>;
  MembershipChangeEdge?: MembershipChangeEdgeResolvers<ContextType>;
  MembershipSnapshot?: MembershipSnapshotResolvers<ContextType>;
  MembershipSource?: MembershipSourceResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  ProjectConnection?: ProjectConnectionResolvers<ContextType>;
  ProjectEdge?: ProjectEdgeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Reach?: ReachResolvers<ContextType>;
  ReachConnection?: ReachConnectionResolvers<ContextType>;
  ReachEdge?: ReachEdgeResolvers<ContextType>;
  ReachLoss?: ReachLossResolvers<ContextType>;
  ReachLossConnection?: ReachLossConnectionResolvers<ContextType>;
  ReachLossEdge?: ReachLossEdgeResolvers<ContextType>;
  ReachPath?: ReachPathResolvers<ContextType>;
  RemovalEffect?: RemovalEffectResolvers<ContextType>;
  Residue?: ResidueResolvers<ContextType>;
  ResidueItem?: ResidueItemResolvers<ContextType>;
  Revocation?: RevocationResolvers<ContextType>;
  RevocationConnection?: RevocationConnectionResolvers<ContextType>;
  RevocationEdge?: RevocationEdgeResolvers<ContextType>;
  RevokeAccessPayload?: RevokeAccessPayloadResolvers<ContextType>;
  RotateConnectionTokenPayload?: RotateConnectionTokenPayloadResolvers<ContextType>;
  RotateHookSecretPayload?: RotateHookSecretPayloadResolvers<ContextType>;
  SaveConnectionPayload?: SaveConnectionPayloadResolvers<ContextType>;
  StartExtractionPayload?: StartExtractionPayloadResolvers<ContextType>;
  TestConnectionPayload?: TestConnectionPayloadResolvers<ContextType>;
  URL?: GraphQLScalarType;
  UnknownSource?: UnknownSourceResolvers<ContextType>;
  UnknownSourceConnection?: UnknownSourceConnectionResolvers<ContextType>;
  UnknownSourceEdge?: UnknownSourceEdgeResolvers<ContextType>;
  UpdateConnectionPayload?: UpdateConnectionPayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
};

