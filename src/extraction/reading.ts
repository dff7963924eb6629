import type { GitLabClient } from '../gitlab/client.ts';
import type { BulkReads } from '../gitlab/bulk/records.ts';
import { GitLabError, tokenDead, transient } from '../gitlab/errors.ts';
import { holdRun } from '../store/extraction-runs.ts';
import type { ExtractionRow, RunLease } from '../store/extraction-runs.ts';
import { enterRoles, stage } from '../store/extraction-stage.ts';
import type { SourceRoles, StagedRows } from '../store/extraction-stage.ts';
import { addUnknowns, saveStep, stepsOf } from '../store/extraction-steps.ts';
import type { NewUnknown, StepRow } from '../store/extraction-steps.ts';
import type { ExtractedConnection, ExtractionDeps } from './deps.ts';
import { RunLost } from './ending.ts';
import type { Ending } from './ending.ts';

/** So long others believe that we work on a run; it is renewed with every step, and in between. */
export const LEASE_MS = 60_000;

/** Between tries of what GitLab could not answer for the moment, after the client's own tries. */
const PAUSES_MS = [500, 2_000];
const MOST_WAITS = 60;
const LONGEST_WAIT_MS = 120_000;
const USUAL_WAIT_MS = 10_000;

/** What one step brought, kept in one transaction together with how far it came. */
export type Checkpoint = StepRow & {
  rows?: StagedRows;
  unknowns?: readonly NewUnknown[];
  /** What REST tells of rows that were collected before. */
  roles?: readonly SourceRoles[];
  /** Sources that are done with this. */
  doneMore?: number;
  total?: number;
};

/** One run under way in this process. */
export type Reading = {
  readonly run: ExtractionRow;
  readonly connection: ExtractedConnection;
  readonly client: GitLabClient;
  readonly bulk: BulkReads;
  /** As the last checkpoint left it; null: not begun. */
  step(name: string): StepRow | null;
  /** All steps whose names begin so. */
  stepsOf(prefix: string): StepRow[];
  /** Throws `RunLost`. */
  save(checkpoint: Checkpoint): Promise<void>;
  /** Tries again what may pass; rejects with what stays, and with `RunLost` at once when the reading is ended. */
  ask<T>(work: () => Promise<T>): Promise<T>;
  /** Waits before try number `tries`, and says whether it is to be made at all. */
  again(error: GitLabError, tries: number): Promise<boolean>;
  /** Rows in memory that are not stored yet, now and at most so far. */
  readonly held: { now: number; most: number };
};

function rowsIn(rows: StagedRows): number {
  return Object.values(rows).reduce((sum, some) => sum + some.length, 0);
}

/** Takes up a claimed run where it stands. `takeCalls` answers how many calls of GitLab were made since it was last asked. */
export async function openReading(
  deps: ExtractionDeps,
  lease: RunLease,
  context: { run: ExtractionRow; connection: ExtractedConnection; ending: Ending; takeCalls: () => number },
): Promise<Reading> {
  const { store } = deps;
  const { run, connection, ending, takeCalls } = context;
  const client = (await deps.clientFor(connection.id)).withPriority('extraction');
  const steps = await stepsOf(store.db, run.id);
  const held = { now: 0, most: 0 };

  const save = async ({ step, state, done, ...brought }: Checkpoint): Promise<void> => {
    const { rows = {}, unknowns = [], roles = [], doneMore = 0, total } = brought;
    const count = rowsIn(rows);
    held.now += count;
    held.most = Math.max(held.most, held.now);
    try {
      if (ending.ended) throw new RunLost();
      const until = new Date((await store.clock.now()).getTime() + LEASE_MS);
      const progress = { doneMore, callsMore: takeCalls(), ...(total === undefined ? {} : { total }) };
      await store.transaction(async (tx) => {
        if (!(await holdRun(tx, lease, until, progress))) throw new RunLost();
        await stage(tx, run.id, rows);
        for (const of of roles) await enterRoles(tx, run.id, of);
        await addUnknowns(tx, run.id, unknowns);
        await saveStep(tx, run.id, { step, state, done });
      });
      steps.set(step, { step, state, done });
    } finally {
      held.now -= count;
    }
  };

  const again = async (error: GitLabError, tries: number): Promise<boolean> => {
    if (ending.ended) throw new RunLost();
    if (tokenDead(error)) throw error;
    if (error.code === 'RATE_LIMITED') {
      if (tries > MOST_WAITS) return false;
      const waitMs = Math.min(error.details.retryAfterMs ?? USUAL_WAIT_MS, LONGEST_WAIT_MS);
      await ending.orLost(() => deps.sleep(waitMs));
      return true;
    }
    const pauseMs = PAUSES_MS[tries - 1];
    if (!transient(error) || pauseMs === undefined) return false;
    await ending.orLost(() => deps.sleep(pauseMs));
    return true;
  };

  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ending.orLost(work);
      } catch (error) {
        if (!(error instanceof GitLabError) || !(await again(error, tries))) throw error;
      }
    }
  };

  return {
    run,
    connection,
    client,
    bulk: client.bulk(),
    step: (name) => steps.get(name) ?? null,
    stepsOf: (prefix) => [...steps.values()].filter(({ step }) => step.startsWith(prefix)),
    save,
    ask,
    again,
    held,
  };
}
