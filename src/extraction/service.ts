import type { ExtractionMode, ExtractionRow } from '../store/extraction-runs.ts';
import type { MarkedSource, UnknownRow } from '../store/extraction-steps.ts';

export type { ExtractionMode, ExtractionRow, UnknownRow };

type ListPage = { first: number; beforeId: string | null };
type Listed<T> = { rows: T[]; hasNextPage: boolean; totalCount: number };

export type StartInput = { connectionId: string; mode: ExtractionMode; idempotencyKey: string | null };

/** `actor` is the caller's subject, for the audit. Methods throw `Refusal` for what the caller can mend. Ids are our row ids. */
export type ExtractionService = {
  /** Begins a run, or answers the one that is under way. */
  start(actor: string, input: StartInput): Promise<ExtractionRow>;
  /** Ends a run that is under way; what it collected is forgotten. */
  cancel(actor: string, input: { extractionId: string; idempotencyKey: string | null }): Promise<ExtractionRow>;
  byId(id: string): Promise<ExtractionRow | null>;
  list(connectionId: string, page: ListPage): Promise<Listed<ExtractionRow>>;
  /** The newest run of the connection that is DONE. */
  lastDone(connectionId: string): Promise<ExtractionRow | null>;
  unknowns(runId: string, page: { first: number; afterId: string | null }): Promise<Listed<UnknownRow>>;
  /** GitLab said that the members, or the place, of this have changed: noted for the next incremental run. */
  noteChange(instanceId: string, source: MarkedSource): Promise<void>;
};
