/** A saved connection as the rest of the gateway sees it: everything but its token. Times are ISO 8601 in UTC. */
export type IdentityKind = 'SERVICE_ACCOUNT' | 'DEDICATED_USER' | 'GROUP_TOKEN_BOT' | 'PROJECT_TOKEN_BOT';

export type ConnectionIdentity = {
  gitlabId: string;
  username: string;
  name: string;
  kind: IdentityKind;
  isAdmin: boolean;
};

export type ConnectionToken = {
  name: string;
  scopes: string[];
  createdAt: string | null;
  /** Date, or null: never expires. */
  expiresAt: string | null;
  lastUsedAt: string | null;
};

export type GitLabInstance = { version: string; enterprise: boolean; gitlabDotCom: boolean };

export const CHECK_CODES = [
  'REACHABLE',
  'TLS',
  'IS_GITLAB',
  'VERSION',
  'TOKEN_VALID',
  'TOKEN_EXPIRY',
  'TOKEN_SCOPE',
  'IDENTITY',
  'ADMINISTRATOR',
  'ADMIN_MODE',
  'REACH',
  'OWNER_ROLE',
  'EXTERNAL_SYNC',
  'CLOCK_SKEW',
  'RATE_BUDGET',
] as const;
export type CheckCode = (typeof CHECK_CODES)[number];
export type CheckStatus = 'PASS' | 'WARN' | 'FAIL' | 'SKIP';

/** What one check saw, and what a person can do about it. */
export type ConnectionCheck = { code: CheckCode; status: CheckStatus; message: string; remedy: string | null };
export type ConnectionReport = { passed: boolean; checkedAt: string; checks: ConnectionCheck[] };

export type ConnectionStatus = 'CONNECTED' | 'DEGRADED';

export type ConnectionRecord = {
  id: string;
  name: string;
  baseUrl: string;
  /** The GitLab behind it, shared by all connections with the same external address. */
  instanceId: string;
  status: ConnectionStatus;
  statusReason: string | null;
  identity: ConnectionIdentity;
  token: ConnectionToken;
  instance: GitLabInstance;
  report: ConnectionReport;
  createdAt: string;
  updatedAt: string;
};

/** The outcome of the doctor; the parts are null where the test did not get that far. */
export type TestResult = {
  report: ConnectionReport;
  identity: ConnectionIdentity | null;
  instance: GitLabInstance | null;
  token: ConnectionToken | null;
  /** The external address that GitLab gives itself (`web_url` of our user less the username). */
  instanceAddress: string | null;
};
