import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { rowIdIn } from '../resolvers/global-id.ts';
import type { Services } from '../resolvers/services.ts';
import { instanceOfHook } from '../store/hook-secrets.ts';
import { changeOf, changedSourceOf, hintOf } from './hook-events.ts';
import { createErrorHandler, sendRefusal } from './http-errors.ts';

/** A membership's event has less than 2 KiB; pushes, of which GitLab need not tell us, may have much more. */
const BODY_LIMIT_BYTES = 65_536;

/** Of one GitLab. What is turned away beyond it is found by the poll. */
export const HOOKS_PER_MINUTE = 1200;

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The body is not JSON. Only GitLab posts here.',
  413: 'The body is larger than 64 KiB. Choose only the member, group, project and user events in GitLab.',
  415: 'Send the event as application/json.',
  429: 'Too many events. What was turned away is found by reading GitLab again.',
};

const paramsSchema = z.object({ connection: z.string() });

/** What became of a request: `asked`, `ignored` (no event for us) or `refused` (no connection's secret). */
export type HookOutcome = 'asked' | 'ignored' | 'refused';

export type HookDeps = {
  services: Pick<Services, 'store' | 'grants' | 'extraction' | 'connections'>;
  log: Log;
  hooksPerMinute: number;
  onHook: (outcome: HookOutcome) => void;
};

/**
 * `POST /hooks/gitlab/:connection`: GitLab tells that something changed, proven by the connection's own secret. It is taken as a
 * hint that asks for a look at what it names; whatever it says is read from GitLab before anything is done. Answers 204 once the
 * look is stored, for events that concern nobody too, and 401 alike for a wrong secret and for an unknown connection.
 */
export function addHooks(app: FastifyInstance, deps: HookDeps): void {
  app.decorateRequest('hookInstance', null);
  app.route({
    method: 'POST',
    url: '/hooks/gitlab/:connection',
    bodyLimit: BODY_LIMIT_BYTES,
    config: { rateLimit: { max: deps.hooksPerMinute, timeWindow: '1 minute' } },
    errorHandler: createErrorHandler(deps.log, MESSAGES),
    preParsing: (request, reply) => admit(request, reply, deps),
    async handler(request, reply) {
      const hint = hintOf(request.body);
      const changed = changedSourceOf(request.body);
      const instanceId = request.getDecorator<string>('hookInstance');
      if (hint !== null || changed !== null) deps.services.connections.forget(instanceId, changeOf(request.body));
      if (changed !== null) await deps.services.extraction.noteChange(instanceId, changed);
      if (hint !== null) {
        const looks = await deps.services.grants.lookAtHint({ instanceId, ...hint });
        deps.log.debug({ ...hint, looks }, 'GitLab told of a change.');
      }
      deps.onHook(hint === null ? 'ignored' : 'asked');
      return reply.code(204).send();
    },
  });
}

async function admit(request: FastifyRequest, reply: FastifyReply, deps: HookDeps): Promise<void> {
  const { connection } = paramsSchema.parse(request.params);
  const header = request.headers['x-gitlab-token'];
  const secret = typeof header === 'string' ? header : '';
  const connectionId = rowIdIn(connection, 'Connection') ?? '';
  const instanceId = await instanceOfHook(deps.services.store.db, { connectionId, secret });
  if (instanceId === null) {
    deps.onHook('refused');
    sendRefusal(
      reply,
      401,
      'UNAUTHENTICATED',
      'The secret is not that of this connection. Enter in GitLab the path and the secret that rotateHookSecret gave.',
    );
    return;
  }
  request.setDecorator('hookInstance', instanceId);
}
