/** The things a GitLab holds, as plain records. Times are milliseconds since 1970, dates are `YYYY-MM-DD`. */

export type SourceKind = 'Group' | 'Project';
export type Visibility = 'private' | 'internal' | 'public';
export type UserState = 'active' | 'blocked' | 'deactivated' | 'banned' | 'ldap_blocked' | 'blocked_pending_approval';
export type UserType = 'human' | 'service_account' | 'project_bot' | 'security_policy_bot' | 'ghost' | 'placeholder';

export interface User {
  readonly id: number;
  /** Its personal namespace shares the number range of groups. */
  readonly namespaceId: number;
  username: string;
  name: string;
  email: string;
  publicEmail: string | null;
  state: UserState;
  userType: UserType;
  admin: boolean;
  auditor: boolean;
  external: boolean;
  privateProfile: boolean;
  confirmed: boolean;
  canCreateGroup: boolean;
  note: string;
  createdAt: number;
  updatedAt: number;
  lastActivityOn: string | null;
  createdById: number | null;
  provisionedByGroupId: number | null;
  provisionedByProjectId: number | null;
  /** Root groups whose SAML provider knows this person, with the name it knows them by. */
  samlIdentities: Map<number, string>;
}

export interface LdapGroupLink {
  readonly cn: string;
  readonly groupAccess: number;
  readonly provider: string;
}

export interface SamlGroupLink {
  readonly name: string;
  readonly accessLevel: number;
}

export type SeatControl = 'off' | 'block_overages' | 'user_cap';

export interface Group {
  readonly id: number;
  name: string;
  path: string;
  fullPath: string;
  description: string;
  parentId: number | null;
  visibility: Visibility;
  archived: boolean;
  markedForDeletionOn: string | null;
  requestAccessEnabled: boolean;
  shareWithGroupLock: boolean;
  preventSharingOutsideHierarchy: boolean;
  membershipLock: boolean;
  disableInvites: boolean;
  ldapLinks: LdapGroupLink[];
  samlLinks: SamlGroupLink[];
  saml: { enabled: boolean; enforced: boolean } | null;
  allowedEmailDomains: string[];
  seatControl: SeatControl;
  seats: number | null;
  memberLimit: number | null;
  subgroupCreationLevel: 'maintainer' | 'owner';
  projectCreationLevel: 'noone' | 'maintainer' | 'developer';
  serviceTokensExpiryEnforced: boolean;
  oldPaths: string[];
  createdAt: number;
  updatedAt: number;
}

export interface Project {
  readonly id: number;
  name: string;
  path: string;
  fullPath: string;
  description: string;
  /** Exactly one of group and owner is set. */
  groupId: number | null;
  ownerId: number | null;
  creatorId: number | null;
  visibility: Visibility;
  archived: boolean;
  markedForDeletionOn: string | null;
  requestAccessEnabled: boolean;
  oldPaths: string[];
  createdAt: number;
  updatedAt: number;
  lastActivityAt: number;
}

export interface Member {
  readonly id: number;
  readonly sourceKind: SourceKind;
  readonly sourceId: number;
  readonly userId: number;
  accessLevel: number;
  expiresAt: string | null;
  readonly createdAt: number;
  updatedAt: number;
  createdById: number | null;
  memberRoleId: number | null;
  /** Written by LDAP sync; `override` frees the row from it. */
  ldap: boolean;
  override: boolean;
  state: 'active' | 'awaiting';
  /** Set on an access request: a row that gives nothing until it is approved. */
  requestedAt: number | null;
}

/** An invitation by e-mail that nobody has accepted: a member row without a user. */
export interface Invitation {
  readonly id: number;
  readonly sourceKind: SourceKind;
  readonly sourceId: number;
  readonly email: string;
  accessLevel: number;
  expiresAt: string | null;
  readonly createdAt: number;
  createdById: number | null;
}

/** `sharedId` is the group or project opened to the members of `invitedGroupId`. */
export interface ShareLink {
  readonly id: number;
  readonly sharedKind: SourceKind;
  readonly sharedId: number;
  readonly invitedGroupId: number;
  accessLevel: number;
  expiresAt: string | null;
  memberRoleId: number | null;
  readonly createdAt: number;
}

export interface Token {
  readonly id: number;
  readonly userId: number;
  readonly value: string;
  name: string;
  description: string | null;
  scopes: string[];
  expiresAt: string | null;
  revoked: boolean;
  readonly createdAt: number;
  lastUsedAt: number | null;
  lastUsedIps: string[];
  impersonation: boolean;
  /** The token this one replaced by rotation. */
  previousId: number | null;
}

export interface MemberRole {
  readonly id: number;
  readonly groupId: number | null;
  name: string;
  description: string;
  baseAccessLevel: number;
  permissions: string[];
}

/** Who asks. `admin` is what the request may use of the user's admin flag (Admin Mode can take it away). */
export interface Viewer {
  readonly user: User | null;
  readonly admin: boolean;
}

export const ACCESS = {
  NO_ACCESS: 0,
  MINIMAL: 5,
  GUEST: 10,
  PLANNER: 15,
  REPORTER: 20,
  DEVELOPER: 30,
  MAINTAINER: 40,
  OWNER: 50,
  ADMIN: 60,
} as const;

/** What GitLab calls the levels of memberships. */
export const LEVEL_NAMES: Record<number, string> = {
  5: 'Minimal Access',
  10: 'Guest',
  15: 'Planner',
  20: 'Reporter',
  30: 'Developer',
  40: 'Maintainer',
  50: 'Owner',
};
