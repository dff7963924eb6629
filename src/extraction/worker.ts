import { GitLabError, tokenDead } from '../gitlab/errors.ts';
import {
  claimRun,
  endRun,
  holdRun,
  idleRuns,
  ownersOfRuns,
  releaseRun,
  releaseRunsOf,
} from '../store/extraction-runs.ts';
import type { ExtractionRow, RunLease } from '../store/extraction-runs.ts';
import { clearStage } from '../store/extraction-stage.ts';
import { analyzeFacts, publish } from '../store/extraction-publish.ts';
import { provenDead } from '../store/lease-owner.ts';
import type { ExtractionDeps } from './deps.ts';
import { RunLost, createEnding } from './ending.ts';
import type { Ending } from './ending.ts';
import { coverageOf, readAll } from './read.ts';
import { LEASE_MS, openReading } from './reading.ts';
import type { Reading } from './reading.ts';

const HOLD_EVERY_MS = 15_000;

/** Works on runs in this process. */
export type Worker = {
  /** Takes up every run that nobody works on; resolves when they are begun. */
  takeUp(): Promise<void>;
  /** One more call of GitLab was made for the connection's run. */
  called(connectionId: string): void;
  /** Lets go of all runs, for the next process to go on with; resolves when nothing is done for them any more. */
  stop(): Promise<void>;
};

type Work = { ending: Ending; ended: Promise<void> };

export function createWorker(deps: ExtractionDeps): Worker {
  const { store, log, owner } = deps;
  const working = new Map<string, Work>();
  const calls = new Map<string, number>();
  let isStopped = false;
  const goesOn = (): boolean => !isStopped;

  const takeCalls = (connectionId: string): number => {
    const made = calls.get(connectionId) ?? 0;
    calls.set(connectionId, 0);
    return made;
  };

  const end = async (lease: RunLease, run: ExtractionRow, problem: string): Promise<void> => {
    await store.transaction(async (tx) => {
      const finishedAt = await store.clock.now();
      const callsMore = takeCalls(run.connectionId);
      if (await endRun(tx, lease, { status: 'FAILED', problem, finishedAt, callsMore })) await clearStage(tx, run.id);
    });
  };

  const finish = async (lease: RunLease, reading: Reading): Promise<void> => {
    const { run } = reading;
    const coverage = await coverageOf(reading, store);
    await store.transaction(async (tx) => {
      const finishedAt = await store.clock.now();
      const callsMore = takeCalls(run.connectionId);
      if (!(await endRun(tx, lease, { status: 'DONE', problem: null, finishedAt, callsMore }))) throw new RunLost();
      await publish(tx, run, coverage);
    });
    log.info(
      { run: run.run, connectionId: run.connectionId, rowsHeldAtMost: reading.held.most },
      'An extraction is done.',
    );
    await clearStage(store.db, run.id);
    await analyzeFacts(store.db);
  };

  const read = async (lease: RunLease, run: ExtractionRow, ending: Ending): Promise<void> => {
    const connection = await deps.connection(run.connectionId);
    if (connection === null) return;
    const { connectionId } = run;
    try {
      const context = { run, connection, ending, takeCalls: () => takeCalls(connectionId) };
      const reading = await openReading(deps, lease, context);
      await readAll(reading, store);
      await finish(lease, reading);
    } catch (error) {
      if (error instanceof RunLost || ending.ended) return;
      const dead = error instanceof GitLabError && tokenDead(error);
      if (dead) await ending.orLost(() => deps.suspect(connectionId));
      else log.error({ err: error, run: run.run, connectionId }, 'An extraction failed.');
      await end(
        lease,
        run,
        error instanceof GitLabError ? error.message : 'The gateway met a fault; its log tells more.',
      );
    }
  };

  const begin = (run: ExtractionRow): void => {
    const lease = { runId: run.id, owner };
    const ending = createEnding();
    const holding = setInterval(() => {
      void hold(lease, ending);
    }, HOLD_EVERY_MS).unref();
    const work = async (): Promise<void> => {
      try {
        await read(lease, run, ending);
      } catch (error) {
        if (!ending.ended)
          log.error({ err: error, run: run.run }, 'An extraction could not be ended; it is taken up again.');
      } finally {
        clearInterval(holding);
        working.delete(run.id);
      }
    };
    working.set(run.id, { ending, ended: work() });
  };

  const hold = async (lease: RunLease, ending: Ending): Promise<void> => {
    try {
      const now = await store.clock.now();
      if (!(await holdRun(store.db, lease, new Date(now.getTime() + LEASE_MS)))) ending.end();
    } catch (error) {
      log.warn({ err: error }, 'A run could not be held on to; it is tried again.');
    }
  };

  /** What a dead process held need not wait until its lease runs out. */
  const takeOver = async (now: Date): Promise<void> => {
    for (const other of await ownersOfRuns(store.db, now)) {
      if (other !== owner && provenDead(other)) await releaseRunsOf(store.db, other);
    }
  };

  return {
    async takeUp() {
      const now = await store.clock.now();
      await takeOver(now);
      for (const runId of await idleRuns(store.db, now)) {
        if (!goesOn() || working.has(runId)) continue;
        const until = new Date(now.getTime() + LEASE_MS);
        const run = await claimRun(store.db, { runId, owner }, { now, until });
        if (run === null) continue;
        if (goesOn()) begin(run);
        else await releaseRun(store.db, { runId, owner });
      }
    },
    called(connectionId) {
      calls.set(connectionId, (calls.get(connectionId) ?? 0) + 1);
    },
    async stop() {
      isStopped = true;
      const left = [...working];
      for (const [, { ending }] of left) ending.end();
      for (const [runId, { ended }] of left) {
        await ended;
        await releaseRun(store.db, { runId, owner });
      }
    },
  };
}
