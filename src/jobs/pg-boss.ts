import { PgBoss, fromKysely } from 'pg-boss';
import type { ConstructorOptions, Db as BossDatabase, Job } from 'pg-boss';
import type { Engine, RawSql, Store } from '../store/store.ts';
import type { JobHandlers, Jobs } from './jobs.ts';
import { createKeyRunner } from './key-runner.ts';
import type { KeyRunner } from './key-runner.ts';
import { JOBS_SCHEMA, RECONCILE_QUEUE } from './names.ts';
import { repeat } from './repeat.ts';

type Look = { keyId: string };
export type JobsLog = { warn(fields: object, message: string): void; error(fields: object, message: string): void };

export type JobsDeps = {
  store: Store;
  log: JobsLog;
  /** Told of every fault of the queue, of a sweep or of a look; each is in the log too. */
  onError?: () => void;
  sweepEverySeconds?: number;
};

const CONCURRENCY = 8;
const POLL_SECONDS = 0.5;
const STOP_TIMEOUT_MS = 30_000;

/** The reads and writes of pg-boss are light; a few connections are enough beside the store's own pool. */
const QUEUE_CONNECTIONS = 3;

/**
 * Jobs on pg-boss, in the store's own database (schema `jobs`). A look that is due now is noticed at once (NOTIFY), one at a
 * later time within half a second. A look is taken off the queue when it begins: should this process die in the middle, the
 * sweep of this or any other process finds the key by its `look_at`. Faults of the queue are logged, never thrown.
 */
export function createJobs(deps: JobsDeps): Jobs {
  const { store, onError = () => undefined } = deps;
  const log: JobsLog = {
    warn: (fields, message) => {
      deps.log.warn(fields, message);
    },
    error: (fields, message) => {
      onError();
      deps.log.error(fields, message);
    },
  };
  const boss = new PgBoss({ ...bossOptions(), ...connection(store.engine) });
  boss.on('error', (error) => {
    log.error({ err: error }, 'The job queue met an error; it goes on, and the sweep finds what it missed.');
  });
  boss.on('warning', (warning) => {
    log.warn({ warning }, 'The job queue warns.');
  });
  let started: { runner: KeyRunner; sweeping: { stop(): Promise<void> } } | null = null;

  return {
    async lookAt(tx, keyId, at) {
      if (started === null) throw new Error('Jobs must be started before anything is queued.');
      const startAfter = at === null ? {} : { startAfter: store.databaseTime(at) };
      await boss.send(RECONCILE_QUEUE, { keyId } satisfies Look, { ...startAfter, db: fromKysely(tx) });
    },

    async start(handlers) {
      await boss.start();
      await boss.createQueue(RECONCILE_QUEUE, { notify: true, retryLimit: 0, deleteAfterSeconds: 300 });
      const runner = runnerFor(handlers, log);
      const sweeping = repeat({
        pauseMs: (deps.sweepEverySeconds ?? 5) * 1000,
        work: () => handlers.sweep(),
        onError: (error) => {
          log.error({ err: error }, 'The sweep for due keys failed; it is tried again.');
        },
      });
      started = { runner, sweeping };
      await boss.work<Look>(RECONCILE_QUEUE, workOptions(), async (jobs: Job<Look>[]) => {
        await Promise.all(jobs.map((job) => runner.take(job.data.keyId)));
      });
    },

    async stop() {
      await started?.sweeping.stop();
      await boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
      await started?.runner.drained();
      started = null;
    },
  };
}

function runnerFor(handlers: JobHandlers, log: JobsLog): KeyRunner {
  return createKeyRunner({
    concurrency: CONCURRENCY,
    run: (keyId) => handlers.reconcile(keyId),
    onError: (keyId, error) => {
      log.error({ err: error, keyId }, 'A key could not be reconciled; its next look tries again.');
    },
  });
}

function workOptions() {
  return {
    batchSize: 2 * CONCURRENCY,
    pollingIntervalSeconds: POLL_SECONDS,
    notifyPollingIntervalSeconds: POLL_SECONDS,
    burstWhenBatchFull: true,
  };
}

/** Schedules, flows and the registry of pg-boss are not used; what they would ask the database for again and again is off or rare. */
function bossOptions(): ConstructorOptions {
  return {
    schema: JOBS_SCHEMA,
    useListenNotify: true,
    schedule: false,
    registerInstance: false,
    flowIntervalSeconds: 300,
    maintenanceIntervalSeconds: 300,
    openTelemetry: { enabled: false },
  };
}

function connection(engine: Engine): ConstructorOptions {
  if (engine.kind === 'postgres') {
    return { connectionString: engine.url, max: QUEUE_CONNECTIONS, application_name: 'gatehouse-jobs' };
  }
  // No autovacuum runs in the embedded store, so there is nothing to watch, and nothing is rebuilt beside its one connection.
  return { db: onEmbedded(engine.sql), backend: 'pglite', monitorVacuum: false, reindex: false };
}

function onEmbedded(sql: RawSql): BossDatabase {
  return {
    async executeSql(text, values) {
      return { rows: await sql.run(text, values ?? []) };
    },
    async listen(channel, onNotification, onReconnect) {
      const close = await sql.listen(channel, onNotification);
      onReconnect();
      return { close };
    },
  };
}
