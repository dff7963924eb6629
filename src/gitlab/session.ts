import type { Call, Exchange } from './exchange.ts';
import type { Knowledge } from './graphql/knowledge.ts';
import type { PackLimits } from './packing/pack.ts';
import type { Part } from './packing/part.ts';
import type { SourceRef } from './records.ts';

/** Time-outs of each kind of call. Writes may be told apart from reads, since an unanswered write is of unknown outcome. */
export type Timeouts = { connect: number; rest: number; graphql: number; write: number };

/** What a read or write of the client works with, at one priority. */
export type Session = {
  exchange: Exchange;
  knowledge: Knowledge;
  timeouts: Timeouts;
  now: () => Date;
  /** Runs parts of queries; each is settled or failed when it resolves. */
  run: (parts: readonly Part[]) => Promise<void>;
  /** What the parts of one query may come to. */
  limits: () => PackLimits;
  /** Makes sure that version, limit and own user are known. Rejects if GitLab cannot be asked. */
  learn: () => Promise<void>;
  /** Top groups of the reach, kept for a short while. */
  roots: () => Promise<readonly string[]>;
  /** Rejects with what is wrong with the token, if it no longer works; what was seen a moment ago is not looked up again. */
  alive: () => Promise<void>;
};

export type RestRead = Pick<Call, 'path' | 'subject'> & Partial<Pick<Call, 'query'>>;

export function restRead(session: Session, call: RestRead): Call {
  return { method: 'GET', timeoutMs: session.timeouts.rest, ...call };
}

/** `/api/v4/groups/7` or `/api/v4/projects/7`. */
export function sourcePath(source: SourceRef): string {
  return `/api/v4/${source.kind}s/${encodeURIComponent(source.id)}`;
}
