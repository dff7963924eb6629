import { createLog } from '../../src/log.ts';
import type { ConnectionsService } from '../../src/connections/service.ts';
import type { ExtractionService } from '../../src/extraction/service.ts';
import type { GrantsService } from '../../src/grants/service.ts';
import type { Role } from '../../src/resolvers/services.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import type { Metrics } from '../../src/server/metrics.ts';
import { startServer } from '../../src/server/server.ts';
import { insertApiKey, makeApiKey } from '../../src/store/api-keys.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/stores.ts';

export type Answer = {
  status: number;
  headers: Headers;
  data: Record<string, unknown> | null | undefined;
  errors: { message: string; path?: string[]; extensions: { code: string; errorId?: string } }[];
};

export type BareServer = {
  url: string;
  keys: Record<Role, string>;
  /** What was logged, one JSON line each. */
  logged: string[];
  store: Store;
  metrics: Metrics;
  setJobsRunning(running: boolean): void;
  post(body: string | object, headers?: Record<string, string>): Promise<Answer>;
  ask(query: string, options?: { variables?: object; role?: Role }): Promise<Answer>;
  close(): Promise<void>;
};

function unused(): never {
  throw new Error('this test has no use for that');
}

const noConnections: ConnectionsService = {
  list: () => Promise.resolve([]),
  byId: () => Promise.resolve(null),
  byName: () => Promise.resolve(null),
  test: unused,
  save: unused,
  update: unused,
  delete: unused,
  rotateToken: unused,
  start: unused,
  rotateHookSecret: unused,
  clientFor: unused,
  forget: () => undefined,
  suspect: unused,
  close: () => Promise.resolve(),
};

const noGrants: GrantsService = {
  grant: unused,
  extend: unused,
  revoke: unused,
  byId: () => Promise.resolve(null),
  list: unused,
  revocationById: () => Promise.resolve(null),
  revocations: unused,
  lookAtHint: () => Promise.resolve(0),
  standingAt: () => Promise.resolve(new Map()),
};

const noExtraction: ExtractionService = {
  start: unused,
  cancel: unused,
  byId: () => Promise.resolve(null),
  list: () => Promise.resolve({ rows: [], hasNextPage: false, totalCount: 0 }),
  lastDone: () => Promise.resolve(null),
  unknowns: () => Promise.resolve({ rows: [], hasNextPage: false, totalCount: 0 }),
  noteChange: () => Promise.resolve(),
};

export type BareOptions = {
  connections?: Partial<ConnectionsService>;
  grants?: Partial<GrantsService>;
  introspection?: boolean;
  corsOrigins?: string[];
  requestsPerMinute?: number;
  hooksPerMinute?: number;
  metricsPublic?: boolean;
};

/** The HTTP side alone, on a store in memory, with a key for each role and services that only do what a test gives them. */
export async function startBareServer(options: BareOptions = {}): Promise<BareServer> {
  const store = await openTestStore({ clockShiftMs: () => 0 });
  const keys = { VIEWER: makeApiKey(), REQUESTER: makeApiKey(), APPROVER: makeApiKey(), ADMIN: makeApiKey() };
  for (const role of ['VIEWER', 'REQUESTER', 'APPROVER', 'ADMIN'] as const) {
    const subject = role.toLowerCase();
    await insertApiKey(store.db, await store.clock.now(), keys[role], {
      subject,
      name: `The ${subject}`,
      roles: [role],
    });
  }
  const logged: string[] = [];
  let running = true;
  const metrics = createMetrics();
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    corsOrigins: options.corsOrigins ?? [],
    introspection: options.introspection ?? true,
    metrics,
    metricsPublic: options.metricsPublic ?? false,
    services: {
      store,
      connections: { ...noConnections, ...options.connections },
      grants: { ...noGrants, ...options.grants },
      extraction: noExtraction,
    },
    jobsRunning: () => running,
    log: createLog({ level: 'debug', destination: { write: (line) => logged.push(line) } }),
    ...(options.requestsPerMinute === undefined ? {} : { requestsPerMinute: options.requestsPerMinute }),
    ...(options.hooksPerMinute === undefined ? {} : { hooksPerMinute: options.hooksPerMinute }),
  });

  const post: BareServer['post'] = async (body, headers = {}) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const answer = (await response.json()) as Partial<Pick<Answer, 'data' | 'errors'>>;
    return { status: response.status, headers: response.headers, data: answer.data, errors: answer.errors ?? [] };
  };
  return {
    url: server.url,
    keys,
    logged,
    store,
    metrics,
    setJobsRunning: (now) => {
      running = now;
    },
    post,
    ask: (query, { variables, role = 'ADMIN' } = {}) =>
      post({ query, ...(variables === undefined ? {} : { variables }) }, { authorization: `Bearer ${keys[role]}` }),
    async close() {
      await server.close();
      await store.close();
    },
  };
}
