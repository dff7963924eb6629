import { refuse } from '../errors.ts';
import { appendAudit } from '../store/audit.ts';
import { beginRun, cancelRun, findRun, lastRun } from '../store/extraction-runs.ts';
import type { ExtractionRow } from '../store/extraction-runs.ts';
import { clearStage } from '../store/extraction-stage.ts';
import { hashInput } from '../store/idempotency.ts';
import { once } from '../store/once.ts';
import type { Made } from '../store/once.ts';
import type { ExtractionDeps } from './deps.ts';
import type { StartInput } from './service.ts';

const runIn = (made: Made): string => String(made['extractionId']);

async function found(deps: ExtractionDeps, id: string): Promise<ExtractionRow> {
  const run = await findRun(deps.store.db, id);
  if (run === null) throw refuse('NOT_FOUND', 'This extraction is gone, with its connection.');
  return run;
}

/**
 * Begins a run, or answers the one that is under way (one at a time for each connection). Throws `Refusal`: NOT_FOUND for a
 * connection that is gone, CONNECTION_DEGRADED where its token does not work, INVALID_INPUT for changes since no run.
 */
export async function startExtraction(deps: ExtractionDeps, actor: string, input: StartInput): Promise<ExtractionRow> {
  const { connectionId, mode, idempotencyKey: key } = input;
  const connection = await deps.connection(connectionId);
  if (connection === null) throw refuse('NOT_FOUND', 'This connection does not exist.', ['connectionId']);
  if (connection.status !== 'CONNECTED') {
    throw refuse(
      'CONNECTION_DEGRADED',
      `The connection's token does not work: ${connection.statusReason ?? 'test it'}. Give it another with updateConnection.`,
      ['connectionId'],
    );
  }
  const attempt = { caller: actor, key, mutation: 'startExtraction', inputHash: hashInput({ connectionId, mode }) };
  const made = await once(deps.store, attempt, async (tx, now) => {
    if (mode === 'INCREMENTAL' && (await lastRun(tx, connectionId, true)) === null) {
      throw refuse('INVALID_INPUT', 'Nothing was read through this connection yet: start with a FULL extraction.', [
        'mode',
      ]);
    }
    const { run, isNew } = await beginRun(tx, now, { connectionId, mode, requestedBy: actor });
    if (isNew) {
      const summary = `Extraction ${String(run.run)} (${mode}) started`;
      await appendAudit(tx, now, { actor, action: 'EXTRACTION_STARTED', connectionId, summary });
    }
    return { extractionId: run.id };
  });
  return found(deps, runIn(made));
}

/** Ends a run that is under way. Throws `Refusal`: NOT_FOUND, or ALREADY_ENDED. */
export async function cancelExtraction(
  deps: ExtractionDeps,
  actor: string,
  { extractionId, idempotencyKey: key }: { extractionId: string; idempotencyKey: string | null },
): Promise<ExtractionRow> {
  const attempt = { caller: actor, key, mutation: 'cancelExtraction', inputHash: hashInput({ extractionId }) };
  const made = await once(deps.store, attempt, async (tx, now) => {
    const run = await cancelRun(tx, extractionId, now);
    if (run === null) {
      const ended = await findRun(tx, extractionId);
      if (ended === null) throw refuse('NOT_FOUND', 'This extraction does not exist.', ['extractionId']);
      throw refuse('ALREADY_ENDED', `It has ended before: it is ${ended.status}.`, ['extractionId']);
    }
    const { connectionId } = run;
    const summary = `Extraction ${String(run.run)} cancelled`;
    await appendAudit(tx, now, { actor, action: 'EXTRACTION_CANCELLED', connectionId, summary });
    await clearStage(tx, run.id);
    return { extractionId: run.id };
  });
  return found(deps, runIn(made));
}
