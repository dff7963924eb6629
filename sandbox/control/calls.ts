import { isRecord, parseBody, type WireRequest } from '../http/request.ts';
import type { FaultKind } from './faults.ts';

/** One answered API call. Token values are never in it. */
export interface CallRecord {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** 0 where the connection was cut. */
  readonly status: number;
  readonly userId: number | null;
  readonly operation: string | null;
  readonly bodyKeys: readonly string[];
  /** What was made to go wrong with it. */
  readonly fault: FaultKind | null;
}

const KEPT = 100_000;

export interface CallLog {
  add(record: CallRecord): void;
  list(): CallRecord[];
  clear(): void;
}

/** Keeps the calls in order of their answers, the newest hundred thousand. */
export function createCallLog(): CallLog {
  let records: CallRecord[] = [];
  return {
    add(record) {
      records.push(record);
      if (records.length > KEPT * 2) records = records.slice(-KEPT);
    },
    list: () => [...records],
    clear() {
      records = [];
    },
  };
}

/** A query string without token values. */
export function withoutTokens(queryText: string): string {
  if (!/private_token|access_token/.test(queryText)) return queryText;
  const query = new URLSearchParams(queryText);
  for (const name of ['private_token', 'access_token']) if (query.has(name)) query.set(name, '[hidden]');
  return query.toString();
}

/** The names in a JSON or form body; none when it cannot be read. */
export function bodyKeys(request: WireRequest): string[] {
  try {
    return Object.keys(parseBody(request));
  } catch {
    return [];
  }
}

/** The operation a GraphQL request names, in the body or, for a document with one operation, in its text. */
export function operationOf(request: WireRequest): string | null {
  const named = firstRequest(request);
  if (!named) return null;
  if (typeof named['operationName'] === 'string' && named['operationName'] !== '') return named['operationName'];
  return typeof named['query'] === 'string' ? nameInText(named['query']) : null;
}

function firstRequest(request: WireRequest): Record<string, unknown> | null {
  if (request.method === 'GET') return Object.fromEntries(new URLSearchParams(request.queryText));
  try {
    const body: unknown = JSON.parse(request.bodyText);
    const first: unknown = Array.isArray(body) ? body[0] : body;
    return isRecord(first) ? first : null;
  } catch {
    return null;
  }
}

function nameInText(text: string): string | null {
  return /^\s*(?:#[^\n]*\n\s*)*(?:query|mutation)\s+([A-Za-z_]\w*)/m.exec(text)?.[1] ?? null;
}
