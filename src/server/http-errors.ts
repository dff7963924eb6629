import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../errors.ts';
import type { Log } from '../log.ts';

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The body is not JSON. Send an object with "query" and, where it has any, "variables".',
  413: 'The request is larger than 256 KiB. Send less at once; long lists go into variables of several requests.',
  415: 'Send the request as application/json.',
  429: 'Too many requests from this address. Wait a minute.',
};

/** Answers what went wrong before GraphQL had the request, in the form of a GraphQL error. */
export function sendRefusal(
  reply: FastifyReply,
  status: number,
  code: ErrorCode,
  message: string,
  errorId?: string,
): void {
  const extensions = { code, ...(errorId === undefined ? {} : { errorId }) };
  void reply.code(status).send({ errors: [{ message, extensions }] });
}

/**
 * Shows the caller's own faults in the words of `messages`, by status, and masks everything else behind an id under which it is
 * logged.
 */
export function createErrorHandler(log: Log, messages = MESSAGES) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const status = error.statusCode ?? 500;
    if (status < 500) {
      sendRefusal(
        reply,
        status,
        'BAD_USER_INPUT',
        messages[status] ?? 'The request cannot be read. Send it as the README shows.',
      );
      return;
    }
    const errorId = randomUUID();
    log.error({ err: error, errorId, method: request.method, route: request.routeOptions.url }, 'A request failed.');
    const message = `Something went wrong inside the gateway. Its log tells more under the id ${errorId}.`;
    sendRefusal(reply, 500, 'INTERNAL_SERVER_ERROR', message, errorId);
  };
}

/** Says where to go instead. */
export function notFound(_request: FastifyRequest, reply: FastifyReply): void {
  sendRefusal(
    reply,
    404,
    'BAD_USER_INPUT',
    'There is nothing here. GraphQL answers at /graphql, health at /healthz and /readyz, metrics at /metrics; GitLab posts to /hooks/gitlab.',
  );
}
