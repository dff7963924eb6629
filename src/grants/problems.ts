import type { UserErrorCode } from '../errors.ts';
import { GitLabError, outcomeUnknown, tokenDead } from '../gitlab/errors.ts';
import type { GrantRow, Problem } from '../store/grants.ts';
import { LEVEL } from './levels.ts';
import type { Step } from './plan/types.ts';

/** Codes of `Grant.problem`, as the public schema names them. */
export type ProblemCode =
  | 'OVERDUE'
  | 'LAST_OWNER'
  | 'PENDING_UPSTREAM'
  | 'SHADOWED'
  | 'SOURCE_LOCKED'
  | 'SOURCE_UNREADABLE'
  | 'CONNECTION_DEGRADED'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_RATE_LIMITED'
  | 'UPSTREAM_REFUSED'
  | 'TAMPERED';

/** Why a look at a key could not be finished. `retryAfterMs`: what GitLab asked for. */
export type Trouble = { code: ProblemCode; message: string; retryAfterMs: number | null; userErrorCode: UserErrorCode };

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** The pause before the next try: 1 s doubling to 60 s, less up to a quarter so that tries spread (S3). */
export function backOffMs(attempts: number, random: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 10));
  return Math.round(full * (1 - random / 4));
}

/** A write that GitLab answered with a clear no; anything else is tried again after a look. */
export function isRefusal(error: GitLabError): boolean {
  const looksAgain = [
    'CONFLICT',
    'PRECONDITION_FAILED',
    'MEMBER_NOT_FOUND',
    'RATE_LIMITED',
    'UNREACHABLE',
    'TLS',
    'HOST_NOT_ALLOWED',
  ];
  return !outcomeUnknown(error) && !tokenDead(error) && !looksAgain.includes(error.code);
}

/** What kept us from reading or writing, in the words of `Grant.problem`. */
export function troubleOf(error: GitLabError): Trouble {
  const retryAfterMs = error.details.retryAfterMs ?? null;
  const says = (code: ProblemCode, message: string): Trouble => ({
    code,
    message,
    retryAfterMs,
    userErrorCode: 'REFUSED_BY_GITLAB',
  });
  if (tokenDead(error) || error.code === 'INSUFFICIENT_SCOPE') {
    return says('CONNECTION_DEGRADED', `GitLab does not accept the connection's token: ${error.message}`);
  }
  switch (error.code) {
    case 'RATE_LIMITED':
      return says('UPSTREAM_RATE_LIMITED', 'GitLab asks us to slow down; tried again when it allows.');
    case 'FORBIDDEN':
    case 'SOURCE_NOT_FOUND':
    case 'NOT_FOUND':
      return says(
        'SOURCE_UNREADABLE',
        "The connection's user can no longer read this group or project. Give it back its role there, or end this with abandon.",
      );
    default:
      return says('UPSTREAM_UNAVAILABLE', `GitLab could not be asked: ${error.message}`);
  }
}

/** Why the write that is asked for is not sent just now. */
export function whyNotNow({ unsure, queued }: { unsure: GitLabError | null; queued: boolean }): Trouble {
  if (unsure !== null) return troubleOf(unsure);
  const base = { retryAfterMs: null, userErrorCode: 'REFUSED_BY_GITLAB' as const };
  if (queued) {
    const message = 'GitLab has queued the change for an administrator. Approve it there; it counts from then on.';
    return { ...base, code: 'PENDING_UPSTREAM', message };
  }
  const message =
    'The membership does not stay as it is written: somebody else changes it at the same time. Tried again.';
  return { ...base, code: 'UPSTREAM_REFUSED', message };
}

const fieldText = (error: GitLabError, field: string): string => (error.details.fields?.[field] ?? []).join(' ');

/** The caller's view of a write that GitLab refused (docs/gitlab.md §members). */
function userErrorCodeOf(error: GitLabError): UserErrorCode {
  if (error.details.reason === 'seat_limit_exceeded_error') return 'SEAT_LIMIT';
  if (error.code === 'METHOD_NOT_ALLOWED') return 'TARGET_LOCKED';
  if (/greater than or equal/i.test(fieldText(error, 'access_level'))) return 'LEVEL_BELOW_INHERITED';
  if (error.details.fields?.['access_level'] !== undefined) return 'LEVEL_NOT_ASSIGNABLE';
  const user = fieldText(error, 'user');
  if (/SAML|SCIM/i.test(user)) return 'SSO_REQUIRED';
  if (/not allowed for this group|not allowed for this project/i.test(user)) return 'EMAIL_DOMAIN_NOT_ALLOWED';
  return 'REFUSED_BY_GITLAB';
}

/** A refused write, told apart by what was tried on what row. */
export function refusalOf(
  error: GitLabError,
  step: Step,
  row: { kind: 'group' | 'project'; accessLevel: number | null },
): Trouble {
  const userErrorCode = userErrorCodeOf(error);
  if (error.code === 'METHOD_NOT_ALLOWED') {
    const message =
      'Memberships here are locked in GitLab (membership lock). Unlock them there, or use another group or project.';
    return { code: 'SOURCE_LOCKED', message, retryAfterMs: null, userErrorCode };
  }
  const lowersOwner = step.do !== 'add' && row.kind === 'group' && row.accessLevel === LEVEL.OWNER;
  if (error.code === 'FORBIDDEN' && lowersOwner) {
    const message =
      'GitLab keeps this Owner, most likely the last one of the group. Make somebody else Owner; this is tried again.';
    return { code: 'LAST_OWNER', message, retryAfterMs: null, userErrorCode: 'LAST_OWNER' };
  }
  if (error.code === 'FORBIDDEN') {
    const message =
      "GitLab lets the connection's user change no membership here (403): memberships may be locked or managed by LDAP or SAML, or the user is not Owner (of a project: Maintainer) any more. Mend that in GitLab, or use another group or project.";
    return { code: 'SOURCE_LOCKED', message, retryAfterMs: null, userErrorCode: 'TARGET_LOCKED' };
  }
  const said = error.details.text === undefined ? error.message : error.details.text;
  const message = `GitLab refuses the change: ${said}`;
  return { code: 'UPSTREAM_REFUSED', message, retryAfterMs: null, userErrorCode };
}

/** The problem as stored: an end that is due and cannot be proven is OVERDUE, whatever the cause; the message names it (S3). */
export function problemFor(
  thing:
    | Pick<GrantRow, 'status' | 'endReason' | 'problem'>
    | { status: 'REVOKING'; endReason: null; problem: Problem | null },
  trouble: Trouble,
  now: Date,
  nextAttemptAt: Date,
): Problem {
  const passing: readonly ProblemCode[] = ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_RATE_LIMITED', 'CONNECTION_DEGRADED'];
  const overdue = thing.status === 'ENDING' && thing.endReason === 'EXPIRED' && passing.includes(trouble.code);
  const code = overdue ? 'OVERDUE' : trouble.code;
  const since = thing.problem?.code === code ? thing.problem.since : now;
  return { code, message: trouble.message, since, nextAttemptAt };
}

/** Any failure while GitLab is asked, as a `GitLabError`; rethrows what is not GitLab's. */
export function asGitLabError(error: unknown): GitLabError {
  if (error instanceof GitLabError) return error;
  throw error;
}
