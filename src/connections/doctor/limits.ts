import type { Check } from './finding.ts';
import { errorOf, fail, pass, skip, valueOf, warn } from './finding.ts';

const SKEW_SHOWN_MS = 5_000;
const SKEW_HARMFUL_MS = 60_000;
const LOW_SHARE = 0.1;

export const clockSkew: Check = ({ health, token }) => {
  if (!health || !valueOf(token)) {
    return null;
  }
  if (health.clockSkewMs === null) {
    return skip('GitLab did not send the time.');
  }
  const skew = Math.abs(health.clockSkewMs);
  const seen = `GitLab's clock is ${(skew / 1000).toFixed(1)} s ${health.clockSkewMs < 0 ? 'behind' : 'ahead of'} ours`;
  const remedy = 'Keep both machines on time with NTP.';
  if (skew > SKEW_HARMFUL_MS) {
    return warn(`${seen}: expiry dates set in GitLab are computed from the later clock.`, remedy);
  }
  return skew > SKEW_SHOWN_MS ? warn(`${seen}.`, remedy) : pass(`${seen}.`);
};

export const rateBudget: Check = ({ health, token }) => {
  const error = errorOf(token);
  if (error?.code === 'RATE_LIMITED') {
    const wait = Math.ceil((error.details.retryAfterMs ?? 60_000) / 1000);
    return fail('GitLab refuses calls now: its rate limit is used up.', `Test again in ${String(wait)} seconds.`);
  }
  if (!health || !valueOf(token)) {
    return null;
  }
  if (!health.rateLimit) {
    return pass('GitLab announces no general limit.');
  }
  const { limit, remaining } = health.rateLimit;
  const seen = `${String(remaining)} of ${String(limit)} calls are left`;
  return remaining < limit * LOW_SHARE
    ? warn(
        `Only ${seen} until ${health.rateLimit.resetAt.toISOString()}.`,
        'Find what else uses this account, or raise the limit in GitLab.',
      )
    : pass(`${seen} in the present window.`);
};
