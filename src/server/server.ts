import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import type { Log } from '../log.ts';
import type { Services } from '../resolvers/services.ts';
import { createApollo } from './apollo.ts';
import { cacheAge } from './cache-age.ts';
import { readiness } from './health.ts';
import { createErrorHandler, notFound } from './http-errors.ts';
import { HOOKS_PER_MINUTE } from './hooks.ts';
import { BODY_LIMIT_BYTES, REQUESTS_PER_MINUTE, addRoutes } from './http.ts';
import type { Metrics } from './metrics.ts';

export type ServerDeps = {
  host: string;
  /** 0: any that is free. */
  port: number;
  corsOrigins: readonly string[];
  introspection: boolean;
  services: Services;
  jobsRunning: () => boolean;
  log: Log;
  metrics: Metrics;
  /** Whether `/metrics` answers without a key. */
  metricsPublic: boolean;
  requestsPerMinute?: number;
  hooksPerMinute?: number;
};

export type Server = {
  /** Where it listens, without a path. */
  url: string;
  /** Takes no new requests, and waits at most 10 seconds for those under way. */
  close(): Promise<void>;
};

/** Starts to listen. Rejects with what to do where the port is taken. */
export async function startServer(deps: ServerDeps): Promise<Server> {
  const { services, log } = deps;
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, requestTimeout: 60_000 });
  const apollo = createApollo({ introspection: deps.introspection, log });
  apollo.addPlugin(cacheAge);
  apollo.addPlugin(fastifyApolloDrainPlugin(app));
  await apollo.start();
  app.setErrorHandler(createErrorHandler(log));
  app.setNotFoundHandler(notFound);
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    log.debug(
      { method, route: routeOptions.url, status: reply.statusCode, ms: reply.elapsedTime },
      'Answered a request.',
    );
    done();
  });
  let closing = false;
  // A kept connection would hold the end up for as long as its client likes.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done();
  });
  await addRoutes(app, {
    apollo,
    services,
    readiness: () =>
      readiness({ store: services.store, connections: services.connections, jobsRunning: deps.jobsRunning, log }),
    corsOrigins: deps.corsOrigins,
    requestsPerMinute: deps.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    hooks: { services, log, hooksPerMinute: deps.hooksPerMinute ?? HOOKS_PER_MINUTE, onHook: deps.metrics.hook },
    metrics: { services, log, registry: deps.metrics.registry, isPublic: deps.metricsPublic },
  });
  try {
    const url = await app.listen({ host: deps.host, port: deps.port });
    return {
      url,
      close() {
        closing = true;
        return apollo.stop();
      },
    };
  } catch (error) {
    await apollo.stop();
    throw new Error(
      `Cannot listen on ${deps.host}, port ${String(deps.port)}. Set HOST and PORT to an address that is free.`,
      {
        cause: error,
      },
    );
  }
}
