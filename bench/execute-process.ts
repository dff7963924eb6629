import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { fastify } from 'fastify';
import mercurius from 'mercurius';
import { createLog } from '../src/log.ts';
import { createContext } from '../src/resolvers/context.ts';
import type { Services } from '../src/resolvers/services.ts';
import { makeSchema } from '../src/server/apollo.ts';
import { createMetrics } from '../src/server/metrics.ts';
import { startServer } from '../src/server/server.ts';
import { insertApiKey, makeApiKey } from '../src/store/api-keys.ts';
import { openStore } from '../src/store/open.ts';
import { warmServices } from './execute-world.ts';
import type { Sizes } from './execute-world.ts';
import type { Ready, Side } from './execute.ts';

/** More than any load here sends: the limiter counts, and refuses nobody. */
const REQUESTS_PER_MINUTE = 100_000_000;

/** Our whole server: keys looked up in a store, limits, masking, headers. */
async function ours(services: Services): Promise<Ready> {
  const store = await openStore({ dataDir: null, databaseUrl: null, clockShiftMs: () => 0 });
  const key = makeApiKey();
  await insertApiKey(store.db, await store.clock.now(), key, { subject: 'bench', name: 'bench', roles: ['VIEWER'] });
  const { url } = await startServer({
    host: '127.0.0.1',
    port: 0,
    corsOrigins: [],
    introspection: false,
    services: Object.create(services, { store: { value: store } }) as Services,
    jobsRunning: () => true,
    log: createLog({ level: 'info', destination: process.stderr }),
    metrics: createMetrics(),
    metricsPublic: false,
    requestsPerMinute: REQUESTS_PER_MINUTE,
  });
  return { url: `${url}/graphql`, key };
}

const caller = { subject: 'bench', name: 'bench', roles: ['VIEWER' as const], gitlabUsernames: [] };

/** Apollo as its guide starts it, with our schema and resolvers. */
async function stock(services: Services): Promise<Ready> {
  const server = new ApolloServer({ schema: makeSchema() });
  const context = () => Promise.resolve(createContext({ services, caller }));
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 }, context });
  return { url, key: null };
}

/** Mercurius as its guide starts it, each query compiled at once, with our schema and resolvers. */
async function mercuriusJit(services: Services): Promise<Ready> {
  const app = fastify();
  await app.register(mercurius, {
    schema: makeSchema(),
    jit: 1,
    context: () => createContext({ services, caller }),
  });
  return { url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`, key: null };
}

const STARTS: Record<Side, (services: Services) => Promise<Ready>> = { ours, stock, 'mercurius-jit': mercuriusJit };

const { side, sizes } = JSON.parse(process.argv[2] ?? '') as { side: Side; sizes: Sizes };
const ready = await STARTS[side](warmServices(sizes));
process.stdout.write(`ready ${JSON.stringify(ready)}\n`);
process.once('SIGTERM', () => process.exit(0));
