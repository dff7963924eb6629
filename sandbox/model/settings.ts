/** Switches of the instance that tests and newcomers may turn. */
export interface Settings {
  edition: 'ee' | 'ce';
  plan: 'free' | 'premium' | 'ultimate';
  version: string;
  revision: string;
  adminMode: boolean;
  /** Application limits (per route), on by default. */
  rateLimits: boolean;
  /** General throttles: off (null) unless a number of requests per period is given. */
  throttle: { requests: number; periodSeconds: number } | null;
  timeZone: string;
  /** How long a project authorization lags behind the membership rows. */
  authorizationDelayMs: number;
  /** Users and service accounts are deleted this long after the 204. */
  deletionDelayMs: number;
  /** Groups and projects marked for deletion go this many days later. */
  deletionRetentionDays: number;
  promotionApproval: boolean;
  requireTokenExpiry: boolean;
  maxTokenDays: number;
  ownersCreateServiceAccounts: boolean;
  ownersDeleteServiceAccounts: boolean;
  serviceTokensExpiryEnforced: boolean;
  ldapMembershipLock: boolean;
  samlMembershipLock: boolean;
  inviteLimitPerDay: number | null;
  dormantDays: number;
  /** Base of `web_url`, `Link` and `Location`; null takes the address the server listens on. */
  externalUrl: string | null;
}

/** An Ultimate EE 18.9 with GitLab's own defaults. */
export function defaultSettings(): Settings {
  return {
    edition: 'ee',
    plan: 'ultimate',
    version: '18.9.0-ee',
    revision: '6714c9136c2',
    adminMode: false,
    rateLimits: true,
    throttle: null,
    timeZone: 'UTC',
    authorizationDelayMs: 2_000,
    deletionDelayMs: 3_000,
    deletionRetentionDays: 30,
    promotionApproval: false,
    requireTokenExpiry: true,
    maxTokenDays: 365,
    ownersCreateServiceAccounts: false,
    ownersDeleteServiceAccounts: true,
    serviceTokensExpiryEnforced: true,
    ldapMembershipLock: false,
    samlMembershipLock: false,
    inviteLimitPerDay: null,
    dormantDays: 90,
    externalUrl: null,
  };
}

/** Whether a licensed feature is there: the plan counts in the enterprise build only. */
export function hasPlan(settings: Settings, wanted: 'premium' | 'ultimate'): boolean {
  if (settings.edition === 'ce') return false;
  return settings.plan === 'ultimate' || settings.plan === wanted;
}
