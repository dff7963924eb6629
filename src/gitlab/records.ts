/**
 * What the rest of the gateway knows of GitLab's things. Plain data, parsed and normalised: ids are decimal strings (they are
 * 64 bit), dates `YYYY-MM-DD`, times ISO 8601 in UTC as GitLab gave them, levels GitLab's integers.
 */
export type SourceKind = 'group' | 'project';

/** A group or project by its numeric id, which never changes. */
export type SourceRef = { kind: SourceKind; id: string };

export type Visibility = 'PRIVATE' | 'INTERNAL' | 'PUBLIC';

export type GroupRecord = {
  kind: 'group';
  id: string;
  fullPath: string;
  name: string;
  visibility: Visibility | null;
  webUrl: string;
  /** Null for a top-level group, and where the parent may not be read. */
  parentId: string | null;
};

export type ProjectRecord = {
  kind: 'project';
  id: string;
  fullPath: string;
  name: string;
  visibility: Visibility | null;
  webUrl: string;
  archived: boolean | null;
  /** The group it lives in; null in a personal namespace. */
  groupId: string | null;
};

export type SourceRecord = GroupRecord | ProjectRecord;

export type UserKind = 'HUMAN' | 'SERVICE_ACCOUNT' | 'TOKEN_BOT' | 'OTHER';
export type UserState = 'ACTIVE' | 'BLOCKED' | 'BANNED' | 'DEACTIVATED' | 'PENDING_APPROVAL' | 'OTHER';

export type UserRecord = {
  id: string;
  username: string;
  name: string;
  kind: UserKind;
  state: UserState | null;
  avatarUrl: string | null;
  webUrl: string;
};

/** One row of a GraphQL member listing. `source` is where the row lives; null where that group may not be read. */
export type MemberRecord = {
  /** GitLab's row number, unique per kind of source; stable while the row lives. */
  rowId: string;
  user: UserRecord;
  accessLevel: number;
  expiresAt: string | null;
  createdAt: string | null;
  createdBy: UserRecord | null;
  source: SourceRecord | null;
};

/** A direct membership row as REST shows it: the only exact view, with custom role, maker and state. */
export type DirectRow = {
  userId: string;
  username: string;
  accessLevel: number;
  memberRoleId: string | null;
  /** Date on which GitLab's nightly job takes the row. */
  expiresAt: string | null;
  createdAt: string | null;
  /** Null where GitLab does not tell. */
  createdById: string | null;
  /** `awaiting` is no access. Absent in CE, read as active. */
  state: 'active' | 'awaiting';
  /** Of the person, not of the row. */
  userState: UserState;
  memberRole: { id: string; name: string; baseAccessLevel: number } | null;
  /** The row's keys show that LDAP wrote it, or that its root group has SAML. */
  ldap: boolean;
  samlRoot: boolean;
};

/** A group invited into a group or project. */
export type ShareLink = {
  groupId: string;
  groupFullPath: string;
  groupName: string;
  accessLevel: number;
  expiresAt: string | null;
};

/** The parts of REST's group or project object that decide whether and how memberships there may be written. */
export type SourceDetail = {
  ref: SourceRef;
  fullPath: string;
  webUrl: string;
  archived: boolean;
  markedForDeletionOn: string | null;
  /** LDAP or SAML links on this very group: memberships are the identity provider's. */
  ldapLinked: boolean;
  samlLinked: boolean;
  membershipLock: boolean | null;
  sharedWithGroups: ShareLink[];
  /** For a project: kind of namespace and its id (`user`: personal, its holder is untouchable). */
  namespace: { kind: 'group' | 'user'; id: string; fullPath: string } | null;
};

export type DeployTokenRecord = { id: string; name: string; revoked: boolean };
export type DeployKeyRecord = { id: string; title: string; createdAt: string; canPush: boolean };

/** A role that waits for an administrator's approval; `requestedById`: who asked for it, where that is shown. */
export type PendingApproval = {
  userId: string;
  accessLevel: number;
  memberRoleId: string | null;
  requestedById: string | null;
};

/** Whether, and when, GitLab deletes a group or project for good. */
export type SourceDeletion = { id: string; /** Null: it is not marked for deletion. */ deletesOn: string | null };

export type TokenRecord = {
  id: string;
  name: string;
  userId: string;
  scopes: string[];
  active: boolean;
  revoked: boolean;
  createdAt: string | null;
  expiresAt: string | null;
  lastUsedAt: string | null;
};

/**
 * A token as a list shows it. `source` and `accessLevel` are those of its bot where the list is a group's or project's, and null
 * in every other list, also for a bot's token.
 */
export type AccessTokenRecord = TokenRecord & { source: SourceRef | null; accessLevel: number | null };

/** A service account as the group that made it lists it. */
export type ServiceAccountRecord = { id: string; username: string; name: string };

/** A token that took another's place; `secret` is the token itself. */
export type RotatedToken = { secret: string; record: TokenRecord };

export type CurrentUserRecord = UserRecord & { isAdmin: boolean; bot: boolean };
export type MetadataRecord = { version: string; revision: string | null; enterprise: boolean };

/** A page of a keyset or offset list; `endCursor` is opaque and goes back unchanged as `after`. */
export type Page<T> = { items: T[]; hasNextPage: boolean; endCursor: string | null; totalCount: number | null };
