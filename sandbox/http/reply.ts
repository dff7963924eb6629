/** An answer before it is written to the wire: JSON in `body`, anything else in `text`. */
export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly text?: string;
}

/** Thrown by handlers to answer with an error at once. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`answered ${String(reply.status)}`);
    this.reply = reply;
  }
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers?: Record<string, string>): Reply {
  return headers ? { status, body, headers } : { status, body };
}

/** 204 without a body. */
export const NO_CONTENT: Reply = { status: 204 };

/** An error of shape A or B: `{"message": ...}`; with `more` beside it, shape F (docs/gitlab.md §errors). */
export function refuse(status: number, message: unknown, more: Record<string, string> = {}): Refusal {
  return new Refusal(json(status, { message, ...more }));
}

/** An error of shape C: `{"error": ...}`. */
export function refuseError(status: number, error: string, headers?: Record<string, string>): Refusal {
  return new Refusal(json(status, { error }, headers));
}

/** `403 Forbidden`, with a reason when there is one to tell. */
export function forbidden(reason?: string): Refusal {
  return refuse(403, reason === undefined ? '403 Forbidden' : `403 Forbidden - ${reason}`);
}

/** `404 Thing Not Found`, as explicit look-ups say it. */
export function notFound(thing: string): Refusal {
  return refuse(404, `404 ${thing} Not Found`);
}

/** `404 Not found` with a small f, as plain record look-ups say it. */
export function recordNotFound(): Refusal {
  return refuse(404, '404 Not found');
}

/** `401 Unauthorized`. */
export function unauthorized(): Refusal {
  return refuse(401, '401 Unauthorized');
}

/** `400 Bad request - reason`. */
export function badRequest(reason?: string): Refusal {
  return refuse(400, reason === undefined ? '400 Bad request' : `400 Bad request - ${reason}`);
}
