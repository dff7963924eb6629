/** How grants behave on this gateway; read from the environment by `config.ts`. The rules are in docs/grants.md. */
export type GrantSettings = {
  /** Longest total time of a grant, extensions included. */
  maxDurationMs: number;
  /** Whether a grant without an end may be asked for. */
  standing: 'refuse' | 'allow';
  /** How long a grant may wait for GitLab before it is given up. */
  activationTtlMs: number;
  /** A row of ours that somebody raised: put back, or adopt as the new base. */
  outsideRaise: 'enforce' | 'respect';
  /** A row of ours that somebody lowered or removed: end the grants, or put it back. */
  outsideLowering: 'respect' | 'enforce';
  /** Also put GitLab's own end date on rows that stood before (S5). */
  failClosed: boolean;
  /** Whether rows may be added on a top-level group with SAML (S43). */
  ssoRoot: 'refuse' | 'allow';
};

const DAY_MS = 86_400_000;

export const DEFAULT_GRANT_SETTINGS: GrantSettings = {
  maxDurationMs: 7 * DAY_MS,
  standing: 'refuse',
  activationTtlMs: 3_600_000,
  outsideRaise: 'enforce',
  outsideLowering: 'respect',
  failClosed: false,
  ssoRoot: 'refuse',
};
