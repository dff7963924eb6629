import type { Answer } from './http.ts';

/** Status and parsed body together, so that one assertion shows both when it fails. */
export interface Said {
  readonly status: number;
  readonly json: unknown;
}

/** What an answer said: its status and its parsed body. */
export function said(answer: Answer): Said {
  return { status: answer.status, json: answer.json };
}

/** Shape A of an error body: `{"message": text}`. */
export function refusal(status: number, message: unknown): Said {
  return { status, json: { message } };
}

/** Shape C of an error body: `{"error": text}`. */
export function fault(status: number, error: unknown): Said {
  return { status, json: { error } };
}

/** The answer to a route that this GitLab does not have, as opposed to a thing that it does not have. */
export const NO_ROUTE: Said = fault(404, '404 Not Found');

/** True when the answer says that this GitLab has no such route. */
export function isMissingRoute(answer: Answer): boolean {
  return answer.status === 404 && answer.text.replaceAll(/\s/g, '') === '{"error":"404NotFound"}';
}
