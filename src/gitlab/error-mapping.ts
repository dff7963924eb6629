import { GitLabError } from './errors.ts';
import type { GitLabErrorCode, GitLabErrorDetails } from './errors.ts';
import { readErrorBody } from './error-body.ts';
import type { ErrorBody } from './error-body.ts';
import { retryAfterMs } from './http-facts.ts';
import type { HttpResponse } from './transport.ts';

/** What a bare `404 Not found` means depends on what was addressed. */
export type CallSubject = 'member' | 'source' | 'user' | 'other';

const ACCOUNT =
  /your account|your password|your primary email|terms of service|performed by internal users|api not accessible for user/;

function notFound(body: ErrorBody, subject: CallSubject): GitLabErrorCode {
  const text = body.text.toLowerCase();
  if (body.shape === 'html' || body.shape === 'text') return 'NOT_GITLAB';
  if (body.shape === 'route') return 'NO_SUCH_ENDPOINT';
  if (/^404 (group|project|namespace) not found/.test(text)) return 'SOURCE_NOT_FOUND';
  if (text.startsWith('404 user not found')) return 'USER_NOT_FOUND';
  if (!text.startsWith('404 not found')) return 'NOT_FOUND';
  if (subject === 'member') return 'MEMBER_NOT_FOUND';
  if (subject === 'user') return 'USER_NOT_FOUND';
  return subject === 'source' ? 'SOURCE_NOT_FOUND' : 'NOT_FOUND';
}

function unauthorized(body: ErrorBody): GitLabErrorCode {
  if (body.shape === 'html') return 'NOT_GITLAB';
  if (body.error !== 'invalid_token') return 'UNAUTHENTICATED';
  if (/expired/i.test(body.text)) return 'TOKEN_EXPIRED';
  return /revoked/i.test(body.text) ? 'TOKEN_REVOKED' : 'UNAUTHENTICATED';
}

function forbidden(body: ErrorBody): GitLabErrorCode {
  if (body.shape === 'html') return 'NOT_GITLAB';
  if (body.error === 'insufficient_scope' || body.error === 'insufficient_granular_scope') return 'INSUFFICIENT_SCOPE';
  return ACCOUNT.test(body.text.toLowerCase()) ? 'ACCOUNT_BLOCKED' : 'FORBIDDEN';
}

function codeOf(status: number, body: ErrorBody, subject: CallSubject): GitLabErrorCode {
  if (status >= 500) return 'UNAVAILABLE';
  if (status >= 300 && status < 400) return 'REDIRECTED';
  if (status === 429) return 'RATE_LIMITED';
  if (status === 401) return unauthorized(body);
  if (status === 403) return forbidden(body);
  if (status === 404) return notFound(body, subject);
  if (body.shape === 'html') return 'NOT_GITLAB';
  if (status === 410) return 'NO_SUCH_ENDPOINT';
  if (status === 405) return 'METHOD_NOT_ALLOWED';
  if (status === 408) return 'UNAVAILABLE';
  if (status === 409) return 'CONFLICT';
  if (status === 412) return 'PRECONDITION_FAILED';
  return 'INVALID';
}

const SAYS: Partial<Record<GitLabErrorCode, string>> = {
  REDIRECTED: 'GitLab redirects this address, and redirects are not followed. Use the final address.',
  NOT_GITLAB: 'The answer is not from GitLab. Check the base URL, and any proxy before GitLab.',
  UNAVAILABLE: 'GitLab, or a proxy before it, is down for now.',
  RATE_LIMITED: 'GitLab refuses more calls for now.',
  UNAUTHENTICATED: 'GitLab does not accept the token.',
  TOKEN_EXPIRED: 'The token has expired.',
  TOKEN_REVOKED: 'The token was revoked.',
  INSUFFICIENT_SCOPE: "The token's scopes do not allow this call. It needs the scope api.",
  ACCOUNT_BLOCKED: "The token's account may not use the API.",
  FORBIDDEN: "GitLab forbids this to the token's account.",
  SOURCE_NOT_FOUND: 'GitLab shows no such group or project to this token.',
  USER_NOT_FOUND: 'GitLab knows no such user.',
  MEMBER_NOT_FOUND: 'The user is no direct member there.',
  NOT_FOUND: 'GitLab shows no such thing to this token.',
  NO_SUCH_ENDPOINT: 'This GitLab has no such endpoint. Its version or edition lacks it.',
  METHOD_NOT_ALLOWED: 'GitLab does not allow this here: memberships are locked, or the project has moved.',
  CONFLICT: 'GitLab reports a conflict.',
  PRECONDITION_FAILED: 'The record has changed since it was read.',
  INVALID: 'GitLab refuses the values.',
};

function withoutToken(text: string, token: string): string {
  return (token === '' ? text : text.replaceAll(token, '[token]')).replace(/\bgl[a-z]{2,6}-[\w.-]{8,}/g, '[token]');
}

function cleanFields(fields: Record<string, string[]>, token: string): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, texts]) => [name, texts.map((text) => withoutToken(text, token))]),
  );
}

export type MappingContext = { subject: CallSubject; now: Date; token: string };

/** The details that may leave with an error: what GitLab said, freed of tokens, and its correlation id. */
export function detailsOf(response: HttpResponse, body: ErrorBody, context: MappingContext): GitLabErrorDetails {
  const requestId = response.headers['x-request-id'];
  const location = response.status >= 300 && response.status < 400 ? response.headers['location'] : undefined;
  const wait = response.status === 429 || response.status === 503 ? retryAfterMs(response, context.now) : undefined;
  return {
    status: response.status,
    ...(body.text === '' ? {} : { text: withoutToken(body.text, context.token) }),
    ...(body.fields === undefined ? {} : { fields: cleanFields(body.fields, context.token) }),
    ...(body.reason === undefined ? {} : { reason: body.reason }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(location === undefined ? {} : { location: withoutToken(location, context.token) }),
  };
}

/** An answer that is no success as one of the closed set (docs/gitlab.md §errors). */
export function statusError(response: HttpResponse, context: MappingContext): GitLabError {
  const body = readErrorBody(response);
  const code = codeOf(response.status, body, context.subject);
  return new GitLabError(code, SAYS[code] ?? 'GitLab refused the call.', detailsOf(response, body, context));
}
