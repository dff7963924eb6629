import type { ErrorCode } from '../errors.ts';
import type { GitLabError, GitLabErrorCode } from '../gitlab/errors.ts';

const CODES: Record<GitLabErrorCode, ErrorCode> = {
  UNAUTHENTICATED: 'UPSTREAM_UNAUTHENTICATED',
  TOKEN_EXPIRED: 'UPSTREAM_UNAUTHENTICATED',
  TOKEN_REVOKED: 'UPSTREAM_UNAUTHENTICATED',
  ACCOUNT_BLOCKED: 'UPSTREAM_UNAUTHENTICATED',
  INSUFFICIENT_SCOPE: 'UPSTREAM_FORBIDDEN',
  FORBIDDEN: 'UPSTREAM_FORBIDDEN',
  SOURCE_NOT_FOUND: 'UPSTREAM_FORBIDDEN',
  USER_NOT_FOUND: 'UPSTREAM_FORBIDDEN',
  MEMBER_NOT_FOUND: 'UPSTREAM_FORBIDDEN',
  NOT_FOUND: 'UPSTREAM_FORBIDDEN',
  METHOD_NOT_ALLOWED: 'UPSTREAM_FORBIDDEN',
  RATE_LIMITED: 'UPSTREAM_RATE_LIMITED',
  HOST_NOT_ALLOWED: 'UPSTREAM_UNAVAILABLE',
  UNREACHABLE: 'UPSTREAM_UNAVAILABLE',
  TLS: 'UPSTREAM_UNAVAILABLE',
  TIMEOUT: 'UPSTREAM_UNAVAILABLE',
  CONNECTION_LOST: 'UPSTREAM_UNAVAILABLE',
  UNAVAILABLE: 'UPSTREAM_UNAVAILABLE',
  REDIRECTED: 'UPSTREAM_INVALID',
  NOT_GITLAB: 'UPSTREAM_INVALID',
  NO_SUCH_ENDPOINT: 'UPSTREAM_INVALID',
  CONFLICT: 'UPSTREAM_INVALID',
  PRECONDITION_FAILED: 'UPSTREAM_INVALID',
  INVALID: 'UPSTREAM_INVALID',
  QUERY_REFUSED: 'UPSTREAM_INVALID',
  UNREADABLE: 'UPSTREAM_INVALID',
};

/**
 * The `extensions` of a top-level error that GitLab caused: our code, GitLab's kind of fault beside it, and how long to wait where
 * GitLab said so. What GitLab hides from a token looks to it like what does not exist: both are UPSTREAM_FORBIDDEN.
 */
export function upstreamExtensions(error: GitLabError): {
  code: ErrorCode;
  gitlabCode: GitLabErrorCode;
  retryAfterMs?: number;
} {
  const { retryAfterMs } = error.details;
  return { code: CODES[error.code], gitlabCode: error.code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
