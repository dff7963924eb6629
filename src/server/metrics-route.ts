import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { Log } from '../log.ts';
import { hasRole } from '../resolvers/roles.ts';
import type { Services } from '../resolvers/services.ts';
import { createAuthentication } from './auth.ts';
import type { Authenticate } from './auth.ts';
import { sendRefusal } from './http-errors.ts';
import { standingMetrics } from './standing-metrics.ts';

export type MetricsRouteDeps = {
  services: Pick<Services, 'store' | 'connections'>;
  registry: Registry;
  /** Whether anybody who reaches the gateway may read it. */
  isPublic: boolean;
  log: Log;
};

/** `GET /metrics` in the text format of Prometheus, for whoever presents an administrator's key unless it is public. */
export function addMetrics(app: FastifyInstance, deps: MetricsRouteDeps): void {
  const { store, connections } = deps.services;
  const authenticate = createAuthentication({ store, nowMs: () => performance.now() });
  app.get('/metrics', {
    onRequest: async (request, reply) => {
      if (!deps.isPublic) await admit(request, reply, authenticate);
    },
    async handler(_request, reply) {
      const [ours, standing] = await Promise.all([
        deps.registry.metrics(),
        standingMetrics({ store, connections, log: deps.log }),
      ]);
      return reply.header('content-type', deps.registry.contentType).send(`${ours}${standing}`);
    },
  });
}

async function admit(request: FastifyRequest, reply: FastifyReply, authenticate: Authenticate): Promise<void> {
  const caller = await authenticate(request.headers.authorization);
  if (caller === null) {
    void reply.header('www-authenticate', 'Bearer');
    const message =
      'Send an administrator\'s key as the header "Authorization: Bearer KEY", or set METRICS_PUBLIC=true.';
    sendRefusal(reply, 401, 'UNAUTHENTICATED', message);
    return;
  }
  if (hasRole(caller, 'ADMIN')) return;
  sendRefusal(reply, 403, 'FORBIDDEN', '/metrics needs the role ADMIN. Use a key that has it.');
}
