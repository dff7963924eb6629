import { repeat } from '../jobs/repeat.ts';
import {
  beginRun,
  connectionsDueForRun,
  findRun,
  lastRun,
  listRuns,
  releaseAllRuns,
} from '../store/extraction-runs.ts';
import type { ExtractionMode } from '../store/extraction-runs.ts';
import { listUnknowns, markChanged } from '../store/extraction-steps.ts';
import { cancelExtraction, startExtraction } from './commands.ts';
import type { ExtractionDeps } from './deps.ts';
import { createForgetting } from './forgetting.ts';
import type { ExtractionService } from './service.ts';
import { createWorker } from './worker.ts';

export type { ExtractionDeps, ExtractionSettings } from './deps.ts';
export type { ExtractionService } from './service.ts';

/** How often this process looks for runs that are due, or that another process left. */
const LOOK_EVERY_MS = 5_000;
const SCHEDULE = 'schedule';

export type Extraction = {
  service: ExtractionService;
  /** Begins to work: on runs that were asked for, that are due, and that an earlier process left. */
  start(): Promise<void>;
  /** Forgets what is of no use any more, begins the runs that are due by now, and takes up those that nobody works on. */
  look(): Promise<void>;
  /** One more call of GitLab was made for the connection's run. */
  called(connectionId: string): void;
  close(): Promise<void>;
};

/** Extractions on their store and clients. */
export function createExtraction(deps: ExtractionDeps): Extraction {
  const { store, settings } = deps;
  const { db } = store;
  const worker = createWorker(deps);
  const forget = createForgetting(deps);
  let looking: { stop(): Promise<void> } | null = null;

  const beginDue = async (mode: ExtractionMode, everyMs: number | null): Promise<void> => {
    if (everyMs === null) return;
    const now = await store.clock.now();
    for (const connectionId of await connectionsDueForRun(db, new Date(now.getTime() - everyMs), mode)) {
      await store.transaction((tx) => beginRun(tx, now, { connectionId, mode, requestedBy: SCHEDULE }));
    }
  };

  const look = async (): Promise<void> => {
    await forget();
    await beginDue('FULL', settings.everyMs);
    await beginDue('INCREMENTAL', settings.changesEveryMs);
    await worker.takeUp();
  };

  return {
    service: {
      async start(actor, input) {
        const run = await startExtraction(deps, actor, input);
        await worker.takeUp();
        return run;
      },
      cancel: (actor, input) => cancelExtraction(deps, actor, input),
      byId: (id) => findRun(db, id),
      list: (connectionId, page) => listRuns(db, connectionId, page),
      lastDone: (connectionId) => lastRun(db, connectionId, true),
      unknowns: (runId, page) => listUnknowns(db, runId, page),
      noteChange: async (instanceId, source) => markChanged(db, await store.clock.now(), instanceId, source),
    },
    async start() {
      if (store.kind === 'embedded') await releaseAllRuns(db);
      looking = repeat({
        pauseMs: LOOK_EVERY_MS,
        work: look,
        onError: (error) => {
          deps.log.error({ err: error }, 'Extractions could not be looked after; it is tried again.');
        },
      });
    },
    look,
    called: (connectionId) => {
      worker.called(connectionId);
    },
    async close() {
      await looking?.stop();
      await worker.stop();
    },
  };
}
