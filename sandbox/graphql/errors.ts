/** An error that GitLab shows on its field, with exactly this text; the field becomes null. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

/** What GitLab answers with HTTP 500 for the whole request (an exception in one of its resolvers). */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

const ACCESS_TEXT =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";

/** The one text with which GitLab hides whether something is missing or forbidden (docs/gitlab.md §GraphQL errors). */
export function accessError(): FieldError {
  return new FieldError(ACCESS_TEXT);
}

/** A refusal of the whole HTTP request before anything runs. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  /** GraphQL's `errors` list, or the plain `error` of GitLab's middleware. */
  readonly shape: 'errors' | 'error';

  constructor(status: number, message: string, shape: 'errors' | 'error' = 'errors') {
    super(message);
    this.status = status;
    this.shape = shape;
  }
}
