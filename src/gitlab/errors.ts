/** What can go wrong when GitLab is asked: a closed set. The source of each mapping is docs/gitlab.md §errors. */
export const GITLAB_ERROR_CODES = [
  'HOST_NOT_ALLOWED', // our own outbound policy refused the address; nothing was sent
  'UNREACHABLE', // no connection: name, route, refused; nothing was sent
  'TLS', // certificate or handshake
  'TIMEOUT', // no answer in time: a write may have happened
  'CONNECTION_LOST', // cut after sending: a write may have happened
  'REDIRECTED', // any 3xx; never followed
  'NOT_GITLAB', // an answer that is not GitLab's (HTML, foreign JSON) where GitLab's was due
  'UNAVAILABLE', // 5xx or a proxy's page
  'RATE_LIMITED', // 429, either kind
  'UNAUTHENTICATED', // 401: unknown or deleted token, or tokens disabled
  'TOKEN_EXPIRED',
  'TOKEN_REVOKED',
  'INSUFFICIENT_SCOPE',
  'ACCOUNT_BLOCKED', // 403 that names the token's account (blocked, deactivated, ...)
  'FORBIDDEN',
  'SOURCE_NOT_FOUND', // 404 for the group or project: gone, renamed or hidden
  'USER_NOT_FOUND',
  'MEMBER_NOT_FOUND',
  'NOT_FOUND', // any other 404 of a resource
  'NO_SUCH_ENDPOINT', // 404 of the route itself: another version or edition
  'METHOD_NOT_ALLOWED', // 405: locked memberships, moved project
  'CONFLICT', // 409
  'PRECONDITION_FAILED', // 412
  'INVALID', // 400 or 422: `fields` and `text` say what
  'QUERY_REFUSED', // GraphQL refused the document (complexity, depth, unknown field)
  'UNREADABLE', // a 2xx whose body is not what the contract says: fail closed
] as const;
export type GitLabErrorCode = (typeof GITLAB_ERROR_CODES)[number];

export type GitLabErrorDetails = {
  status?: number;
  /** What GitLab said, for people with the right to see it; never holds a token. */
  text?: string;
  /** Validation messages by attribute (`{"message":{"access_level":["..."]}}`). */
  fields?: Record<string, string[]>;
  /** The `reason` of a service answer, e.g. `seat_limit_exceeded_error`. */
  reason?: string;
  /** How long GitLab asks us to wait. */
  retryAfterMs?: number;
  /** GitLab's correlation id. */
  requestId?: string;
  /** Where a redirect points to. Never followed. */
  location?: string;
};

/** The one error that leaves `src/gitlab`. Its message is plain English and holds no secret. */
export class GitLabError extends Error {
  readonly code: GitLabErrorCode;
  readonly details: GitLabErrorDetails;

  constructor(code: GitLabErrorCode, message: string, details: GitLabErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GitLabError';
    this.code = code;
    this.details = details;
  }
}

/** The write may or may not have happened: only a read tells. */
export function outcomeUnknown(error: GitLabError): boolean {
  return (
    error.code === 'TIMEOUT' ||
    error.code === 'CONNECTION_LOST' ||
    error.code === 'UNAVAILABLE' ||
    error.code === 'UNREADABLE'
  );
}

/** Nothing wrong with the request; GitLab or the way to it is down, and trying later may help. */
export function transient(error: GitLabError): boolean {
  return error.code === 'UNREACHABLE' || error.code === 'RATE_LIMITED' || error.code === 'TLS' || outcomeUnknown(error);
}

/** The connection's token no longer works; every call will fail alike. */
export function tokenDead(error: GitLabError): boolean {
  return (
    error.code === 'UNAUTHENTICATED' ||
    error.code === 'TOKEN_EXPIRED' ||
    error.code === 'TOKEN_REVOKED' ||
    error.code === 'ACCOUNT_BLOCKED'
  );
}
