/** Codes of top-level GraphQL errors: what the caller cannot mend by changing the input. A closed set; clients may rely on it. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'UPSTREAM_UNAUTHENTICATED',
  'UPSTREAM_FORBIDDEN',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_RATE_LIMITED',
  'UPSTREAM_INVALID',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error whose message may be shown to the caller. Everything else that is thrown is masked. */
export class GatehouseError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GatehouseError';
    this.code = code;
  }
}

/** Codes of user errors in mutation payloads, as the public schema names them. */
export const USER_ERROR_CODES = [
  'NOT_FOUND',
  'INVALID_INPUT',
  'CONNECTION_NAME_TAKEN',
  'CONNECTION_TEST_FAILED',
  'CONNECTION_IN_USE',
  'CONNECTION_DEGRADED',
  'TOKEN_NOT_ROTATED',
  'USER_INACTIVE',
  'USER_NOT_MANAGEABLE',
  'TARGET_LOCKED',
  'LEVEL_NOT_ASSIGNABLE',
  'LEVEL_BELOW_INHERITED',
  'LAST_OWNER',
  'DURATION_NOT_ALLOWED',
  'ALREADY_ENDED',
  'SEAT_LIMIT',
  'SSO_REQUIRED',
  'EMAIL_DOMAIN_NOT_ALLOWED',
  'IDEMPOTENCY_KEY_REUSED',
  'NOT_SUPPORTED_BY_INSTANCE',
  'REFUSED_BY_GITLAB',
] as const;
export type UserErrorCode = (typeof USER_ERROR_CODES)[number];

/** One thing the caller can mend; `field` is the path in the mutation's input, outermost first. */
export type UserError = { code: UserErrorCode; message: string; field: string[] | null };

/** Thrown by use cases when the caller can mend the request; resolvers answer it as `userErrors`. Nothing was stored. */
export class Refusal extends Error {
  readonly userErrors: readonly UserError[];

  constructor(...userErrors: UserError[]) {
    super(userErrors.map((error) => error.message).join(' '));
    this.name = 'Refusal';
    this.userErrors = userErrors;
  }
}

/** Shorthand for a refusal with one user error. */
export function refuse(code: UserErrorCode, message: string, field: string[] | null = null): Refusal {
  return new Refusal({ code, message, field });
}
