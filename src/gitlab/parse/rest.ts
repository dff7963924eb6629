import { z } from 'zod';
import { GitLabError } from '../errors.ts';
import { isJson, jsonOf } from '../http-facts.ts';
import type { HttpResponse } from '../transport.ts';

/** A number of GitLab's as a decimal string. A number too large to be exact is refused by `int`. */
export const numericId = z
  .int()
  .nonnegative()
  .transform((value) => String(value));

/**
 * The body of a 2xx as the schema has it. A page of HTML is NOT_GITLAB for a read; everything else that does not parse is
 * UNREADABLE. What was received is not quoted: only where it differs.
 */
export function parseBody<T>(response: HttpResponse, schema: z.ZodType<T>, isRead = true): T {
  const body = jsonOf(response);
  if (body === undefined && isRead && !isJson(response)) {
    throw new GitLabError(
      'NOT_GITLAB',
      'The answer is not from GitLab. Check the base URL, and any proxy before GitLab.',
      {
        status: response.status,
      },
    );
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw unreadable(`${String(response.status)} answer`, parsed.error, response.headers['x-request-id']);
}

/** UNREADABLE, naming the places that are not as the contract says and never their values. */
export function unreadable(what: string, error: z.ZodError, requestId?: string): GitLabError {
  const places = error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'body'} (${issue.code})`);
  return new GitLabError('UNREADABLE', `GitLab's ${what} is not as expected at ${places.join(', ')}.`, {
    ...(requestId === undefined ? {} : { requestId }),
  });
}
