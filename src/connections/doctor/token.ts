import type { GitLabError } from '../../gitlab/errors.ts';
import type { Check, Finding } from './finding.ts';
import { errorOf, fail, pass, valueOf, warn } from './finding.ts';
import { daysLeft } from '../days-left.ts';
import { NEEDED_SCOPE } from './facts.ts';

const WARN_DAYS = 7;
const NEW_TOKEN = 'Make a new personal access token with the scope api and an expiry date, and use it here.';

export const tokenValid: Check = ({ token }) => {
  const record = valueOf(token);
  if (record) {
    return record.active
      ? pass(`GitLab accepts the token "${record.name}".`)
      : fail(`The token "${record.name}" is no longer active.`, NEW_TOKEN);
  }
  const error = errorOf(token);
  return error && refused(error);
};

/** Told apart, since each has its own remedy (docs/gitlab.md §errors). */
function refused(error: GitLabError): Finding {
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return fail(
        'GitLab does not know this token: it is mistyped, deleted, or from another GitLab; or the instance has personal access tokens switched off.',
        'Copy the token again, without spaces. If it is right, ask an administrator whether personal access tokens are allowed.',
      );
    case 'TOKEN_EXPIRED':
      return fail('The token is expired.', NEW_TOKEN);
    case 'TOKEN_REVOKED':
      return fail('The token was revoked.', NEW_TOKEN);
    case 'ACCOUNT_BLOCKED':
      return fail(
        `The token's account may not be used: ${said(error)}`,
        'Ask an administrator to unblock or reactivate the account, or use the token of another one.',
      );
    case 'INVALID':
      return fail('GitLab says that this is not a personal access token.', NEW_TOKEN);
    case 'FORBIDDEN':
      return fail(
        `GitLab refuses the token here: ${said(error)}`,
        "Check GitLab's IP restrictions for this machine's address, and the state of the token's account.",
      );
    default:
      return null;
  }
}

/** GitLab's own words where it has any: they name what was done to the account. */
function said(error: GitLabError): string {
  return error.details.text ?? error.message;
}

export const tokenExpiry: Check = ({ token, now }) => {
  if (errorOf(token)?.code === 'TOKEN_EXPIRED') {
    return fail('The token is past its expiry date.', NEW_TOKEN);
  }
  const record = valueOf(token);
  if (!record) {
    return null;
  }
  const left = daysLeft(record.expiresAt, now);
  if (record.expiresAt === null || left === null) {
    return warn('The token never expires.', 'Prefer a token with an expiry date, and rotate it in time.');
  }
  return judgeDate(record.expiresAt, left);
};

function judgeDate(expiresAt: string, left: number): Finding {
  if (left <= 0) {
    return fail(`The token expired on ${expiresAt} at 00:00 UTC.`, NEW_TOKEN);
  }
  const message = `The token expires on ${expiresAt} at 00:00 UTC, in ${String(left)} ${left === 1 ? 'day' : 'days'}.`;
  return left <= WARN_DAYS ? warn(message, 'Make a new token now and give it to this connection.') : pass(message);
}

export const tokenScope: Check = ({ token }) => {
  if (errorOf(token)?.code === 'INSUFFICIENT_SCOPE') {
    return fail('GitLab refuses the call for lack of scope.', NEW_TOKEN);
  }
  const record = valueOf(token);
  if (!record) {
    return null;
  }
  const scopes = record.scopes.join(', ') || 'none';
  return record.scopes.includes(NEEDED_SCOPE)
    ? pass(`The token has the scopes: ${scopes}.`)
    : fail(`The token lacks the scope ${NEEDED_SCOPE}; it has: ${scopes}.`, NEW_TOKEN);
};
