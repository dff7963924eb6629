import type { GroupRecord, MemberRecord, ProjectRecord, SourceRecord, UserRecord } from '../gitlab/records.ts';
import type { GrantRow } from '../store/grants.ts';

/** GitLab's things as resolvers pass them on: the record, and the connection through which it was read. */
export type GroupNode = GroupRecord & { connectionId: string };
export type ProjectNode = ProjectRecord & { connectionId: string };
export type SourceNode = GroupNode | ProjectNode;
export type UserNode = UserRecord & { connectionId: string };

export type MembershipKind = 'DIRECT' | 'INHERITED' | 'SHARED';

/** One row of a membership list, as seen from `list`. */
export type MemberNode = {
  connectionId: string;
  list: { kind: SourceRecord['kind']; id: string };
  kind: MembershipKind;
  record: MemberRecord;
};

export type AccessNode = {
  connectionId: string;
  user: UserNode;
  accessLevelValue: number;
  paths: MemberNode[];
  pathsComplete: boolean;
};

/** A slice of a Relay list. */
export type ConnectionOf<T> = {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number | null;
};

export type GrantNode = GrantRow;
