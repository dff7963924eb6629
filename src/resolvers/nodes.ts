import type { ConnectionRecord, ConnectionToken } from '../connections/records.ts';
import type { UserError } from '../errors.ts';
import type { AccessLevel, AccessTokenKind } from '../generated/resolvers.ts';
import type {
  AccessTokenRecord,
  GroupRecord,
  MemberRecord,
  ProjectRecord,
  SourceRef,
  UserRecord,
} from '../gitlab/records.ts';
import type { ExtractionRow } from '../extraction/service.ts';
import type { RevocationRow } from '../grants/service.ts';
import type { GrantRow, Problem } from '../store/grants.ts';

/** GitLab's things as resolvers pass them on: the record, and the connection through which it was read. */
export type GroupNode = GroupRecord & { connectionId: string };
export type ProjectNode = ProjectRecord & { connectionId: string };
export type SourceNode = GroupNode | ProjectNode;
export type UserNode = UserRecord & { connectionId: string };

export type MembershipKind = 'DIRECT' | 'INHERITED' | 'SHARED';

/**
 * One row of a membership list, as seen from `list`. What comes with the row stands ready under the names of the schema: lists
 * are long, and plain properties are answered fastest.
 */
export type MemberNode = {
  connectionId: string;
  list: SourceRef;
  kind: MembershipKind;
  record: MemberRecord;
  id: string;
  user: UserNode;
  accessLevel: AccessLevel | null;
  accessLevelValue: number;
  source: SourceNode | null;
  expiresAt: string | null;
  createdAt: string | null;
  createdBy: UserNode | null;
};

export type AccessNode = {
  connectionId: string;
  user: UserNode;
  accessLevelValue: number;
  paths: MemberNode[];
  pathsComplete: boolean;
};

/** A token as a list shows it. What comes with its record stands ready under the names of the schema. */
export type AccessTokenNode = Pick<
  AccessTokenRecord,
  'name' | 'scopes' | 'active' | 'revoked' | 'createdAt' | 'expiresAt' | 'lastUsedAt'
> & {
  connectionId: string;
  id: string;
  gitlabId: string;
  kind: AccessTokenKind;
  userId: string;
  accessLevel: AccessLevel | null;
  accessLevelValue: number | null;
  /** The group or project whose token it is; null for a personal one. */
  place: SourceRef | null;
  /** The same, where it is known already; null: to be read. */
  home: SourceNode | null;
  /** The row of its bot there, where it is known already; null: to be read. */
  botRow: MemberRecord | null;
};

/** A slice of a Relay list. */
export type ConnectionOf<T> = {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number | null;
};

export type ConnectionTokenNode = ConnectionToken;

export type GrantNode = GrantRow;

/** What ending access came to; `remaining` is read when it is asked for, at `key` (null when nothing was ended). */
export type RevokeAccessNode = {
  grants: GrantNode[];
  revocation: RevocationRow | null;
  verifiedAt: Date | null;
  problem: Problem | null;
  key: { connectionId: string | null; source: SourceRef; userId: string } | null;
  userErrors: readonly UserError[];
};

/** An event of the audit chain as the store reads it. */
export type AuditEventNode = {
  sequence: string;
  at: Date;
  actor: string;
  action: string;
  grantId: string | null;
  connectionId: string | null;
  summary: string;
  hash: string;
};

/** What `Query.node` answers, told apart by the name of its type, since records do not carry it. */
export type AnyNode =
  | (ConnectionRecord & { __typename: 'Connection' })
  | (GroupNode & { __typename: 'Group' })
  | (ProjectNode & { __typename: 'Project' })
  | (UserNode & { __typename: 'User' })
  | (AccessTokenNode & { __typename: 'AccessToken' })
  | (GrantNode & { __typename: 'Grant' })
  | (RevocationRow & { __typename: 'Revocation' })
  | (AuditEventNode & { __typename: 'AuditEvent' })
  | (ExtractionRow & { __typename: 'Extraction' });
