import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { ApolloServer } from '@apollo/server';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createContext } from '../resolvers/context.ts';
import type { Caller, Context, Services } from '../resolvers/services.ts';
import { createAnswerBuffers } from './answer-buffers.ts';
import { createAuthentication } from './auth.ts';
import type { Authenticate } from './auth.ts';
import { sendRefusal } from './http-errors.ts';
import type { Readiness } from './health.ts';
import { addHooks } from './hooks.ts';
import type { HookDeps } from './hooks.ts';
import { addMetrics } from './metrics-route.ts';
import { takePieces } from './written-data.ts';
import type { MetricsRouteDeps } from './metrics-route.ts';

export const BODY_LIMIT_BYTES = 262_144;

/** Of one address; a front end may stand for many people. */
export const REQUESTS_PER_MINUTE = 6000;

export type RouteDeps = {
  apollo: ApolloServer<Context>;
  services: Services;
  readiness: () => Promise<Readiness>;
  corsOrigins: readonly string[];
  requestsPerMinute: number;
  hooks: HookDeps;
  metrics: MetricsRouteDeps;
};

/**
 * Headers, limits and routes. Health answers without a key; `/graphql` and hooks never do, and read no body before they saw the
 * key or secret.
 */
export async function addRoutes(app: FastifyInstance, deps: RouteDeps): Promise<void> {
  await app.register(helmet);
  if (deps.corsOrigins.length > 0) {
    await app.register(cors, { origin: [...deps.corsOrigins], methods: ['GET', 'POST'], maxAge: 600 });
  }
  await app.register(rateLimit, { max: deps.requestsPerMinute, timeWindow: '1 minute' });
  addHealth(app, deps);
  addMetrics(app, deps.metrics);
  addHooks(app, deps.hooks);
  addGraphQL(app, deps);
}

function addHealth(app: FastifyInstance, deps: RouteDeps): void {
  const config = { rateLimit: false };
  app.get('/healthz', { config }, () => ({ status: 'ok' }));
  app.get('/readyz', { config }, async (_request, reply) => {
    const state = await deps.readiness();
    return reply.code(state.ready ? 200 : 503).send(state);
  });
}

function addGraphQL(app: FastifyInstance, deps: RouteDeps): void {
  app.decorateRequest('caller', null);
  app.decorateRequest('graphql', null);
  const buffers = createAnswerBuffers();
  const authenticate = createAuthentication({ store: deps.services.store, nowMs: () => performance.now() });
  const handler = fastifyApolloHandler<Context>(deps.apollo, {
    context: (request) => Promise.resolve(request.getDecorator<Context>('graphql')),
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    preParsing: (request, reply) => admit(request, reply, authenticate),
    async handler(request, reply) {
      void reply.header('cache-control', 'no-store');
      const context = createContext({ services: deps.services, caller: request.getDecorator<Caller>('caller') });
      request.setDecorator('graphql', context);
      const pieces = takePieces(context);
      const answer: unknown = await handler.call(app, request, reply);
      const long = pieces();
      if (long !== null) {
        const { bytes, free } = buffers.write(long);
        reply.raw.once('close', free);
        return bytes;
      }
      // Node writes a long string much slower than its bytes.
      return typeof answer === 'string' ? Buffer.from(answer) : answer;
    },
  });
}

async function admit(request: FastifyRequest, reply: FastifyReply, authenticate: Authenticate): Promise<void> {
  const caller = await authenticate(request.headers.authorization);
  if (caller === null) {
    void reply.header('www-authenticate', 'Bearer');
    sendRefusal(
      reply,
      401,
      'UNAUTHENTICATED',
      'Send a key that is in force, as the header "Authorization: Bearer KEY".',
    );
    return;
  }
  request.setDecorator('caller', caller);
}
