import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from './config.ts';
import { createConnections } from './connections/index.ts';
import { loadOrCreateKey } from './connections/key-file.ts';
import { createSecrets } from './connections/secrets.ts';
import { createExtraction } from './extraction/index.ts';
import { createBudgets, createGitLabClientFactory } from './gitlab/index.ts';
import type { Budgets, GitLabCallEvent } from './gitlab/index.ts';
import { createGrants } from './grants/index.ts';
import type { Grants } from './grants/index.ts';
import { createJobs } from './jobs/pg-boss.ts';
import type { Log } from './log.ts';
import type { Services } from './resolvers/services.ts';
import { createMetrics } from './server/metrics.ts';
import type { Metrics } from './server/metrics.ts';
import { startServer } from './server/server.ts';
import { ensureAdminKey } from './store/api-keys.ts';
import { createCallLimits } from './store/call-limits.ts';
import { nameThisProcess } from './store/lease-owner.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';

export type GatehouseOptions = {
  config: Config;
  log: Log;
  /** Keeps the embedded store in memory, so that nothing outlives the process. */
  inMemory?: boolean;
  /** What an embedded store begins from, in place of making it anew: for tests, which start many. */
  storeTemplate?: Blob;
  /** Added to the clock, so that tests move it and need not wait. */
  clockShiftMs?: () => number;
  /** Told of every call of GitLab as it ends. */
  onGitLabCall?: (event: GitLabCallEvent) => void;
};

export type Gatehouse = {
  /** Where it listens, without a path. */
  url: string;
  /** An administrator's key that was made at this start; it is told nowhere else, and never again. */
  newAdminKey: string | null;
  services: Services;
  /** Does at once what is due by now. */
  sweep(): Promise<void>;
  /** Ends in order: no new requests, those under way, the jobs, GitLab, the store. May be called more than once. */
  close(): Promise<void>;
};

/**
 * The whole gateway in this process: store, GitLab, connections, grants, jobs and server, in this order. Where one of them cannot
 * start, those before it are closed again, and the error says what to do.
 */
export async function createGatehouse(options: GatehouseOptions): Promise<Gatehouse> {
  const { config, log } = options;
  const closing = createClosing(log);
  try {
    const store = await open(options);
    closing.add('store', () => store.close());
    const newAdminKey = await ensureAdminKey(store, { configuredKey: config.adminKey });
    const owner = nameThisProcess();
    const budgets = budgetsFor(options, store, owner);
    const metrics = createMetrics(() => budgets.standing());
    const { connections, grants, jobs, extraction } = await assemble(options, { store, owner, budgets, metrics });
    closing.add('connections', () => connections.close());
    await connections.start();
    await grants.start();
    let running = true;
    await jobs.start({
      reconcile: (keyId) => grants.reconciler.lookIfDue(keyId),
      sweep: () => grants.reconciler.sweep(),
    });
    closing.add('jobs', () => jobs.stop());
    await extraction.start();
    closing.add('extraction', () => extraction.close());
    const services: Services = { store, connections, grants: grants.service, extraction: extraction.service };
    const server = await startServer({ ...config, services, metrics, jobsRunning: () => running, log });
    closing.add('server', () => server.close());
    return {
      url: server.url,
      newAdminKey,
      services,
      async sweep() {
        await grants.reconciler.sweep();
        await extraction.look();
      },
      close() {
        running = false;
        return closing.run();
      },
    };
  } catch (error) {
    await closing.run();
    throw error;
  }
}

function open(options: GatehouseOptions): Promise<Store> {
  const { config, log, inMemory = false, clockShiftMs = () => 0, storeTemplate: template } = options;
  return openStore({
    dataDir: inMemory ? null : config.dataDir,
    databaseUrl: config.databaseUrl,
    clockShiftMs,
    log,
    ...(template === undefined ? {} : { template }),
  });
}

/** What may be asked of each GitLab, shared with the other processes where there may be others. */
function budgetsFor({ log, clockShiftMs = () => 0 }: GatehouseOptions, store: Store, owner: string): Budgets {
  return createBudgets({
    now: () => new Date(Date.now() + clockShiftMs()),
    shared: store.kind === 'postgres' ? createCallLimits(store.db, owner) : null,
    onError: (error) => {
      log.warn({ err: error }, "GitLab's limits could not be shared with other processes; counted alone for a while.");
    },
  });
}

/** The parts that know one another: connections must know of grants that stand, grants of connections to work through. */
async function assemble(
  options: GatehouseOptions,
  { store, owner, budgets, metrics }: { store: Store; owner: string; budgets: Budgets; metrics: Metrics },
) {
  const { config, log, clockShiftMs = () => 0, onGitLabCall } = options;
  const configured = config.encryptionKey ?? undefined;
  const currentKey = await loadOrCreateKey({ configured, dataDir: config.dataDir });
  const clientFactory = createGitLabClientFactory({
    outbound: { allowPrivate: config.allowPrivateGitLab, allowInsecure: config.allowInsecureGitLab },
    now: () => new Date(Date.now() + clockShiftMs()),
    budgets,
    readCache: config.readCache,
    log,
    onCall: (event) => {
      metrics.gitlabCall(event);
      if (event.priority === 'extraction' && event.connectionId !== null) extraction.called(event.connectionId);
      onGitLabCall?.(event);
    },
  });
  const jobs = createJobs({ store, log, onError: metrics.jobsError });
  const connections = createConnections({
    store,
    clientFactory,
    secrets: createSecrets({ currentKey }),
    grants: () => grants.onConnections,
    log,
  });
  const grants: Grants = createGrants({
    store,
    jobs,
    settings: config.grants,
    clientFor: (connectionId) => connections.clientFor(connectionId),
    connection: (connectionId) => connections.byId(connectionId),
    suspect: (connectionId) => connections.suspect(connectionId),
    owner,
    log,
    onEvent: metrics.grantEvent,
    sleep: (ms) => wait(ms),
  });
  const extraction = createExtraction({
    store,
    settings: config.extraction,
    clientFor: (connectionId) => connections.clientFor(connectionId),
    connection: (connectionId) => connections.byId(connectionId),
    suspect: (connectionId) => connections.suspect(connectionId),
    owner,
    log,
    // What waits here must not keep a process from ending.
    sleep: (ms) => wait(ms, undefined, { ref: false }),
  });
  return { connections, grants, jobs, extraction };
}

type Closing = { add(what: string, close: () => Promise<void>): void; run(): Promise<void> };

/** Closes what was added, last first. One that fails is logged and does not keep the others open. */
function createClosing(log: Log): Closing {
  const steps: { what: string; close: () => Promise<void> }[] = [];
  let done: Promise<void> | null = null;
  async function runAll(): Promise<void> {
    for (const { what, close } of steps.reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error }, `The ${what} could not be closed in order.`);
      }
    }
  }
  return {
    add(what, close) {
      steps.push({ what, close });
    },
    run: () => (done ??= runAll()),
  };
}
