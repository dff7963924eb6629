import { performance } from 'node:perf_hooks';
import type { Budget } from './budget.ts';
import { limitOf } from './budget/limits.ts';
import type { LimitedCall } from './budget/limits.ts';
import type { CallPriority, ClientHealth } from './client.ts';
import { GitLabError } from './errors.ts';
import type { GitLabErrorCode } from './errors.ts';
import { statusError } from './error-mapping.ts';
import type { CallSubject } from './error-mapping.ts';
import { rateLimitOf } from './http-facts.ts';
import { retryRead } from './retry.ts';
import type { RetryOptions } from './retry.ts';
import type { HttpMethod, HttpResponse, Transport } from './transport.ts';

/** One HTTP call as it went; for metrics and logs. `path` has no query; no body, header or value is in it. */
export type GitLabCallEvent = {
  /** Our row id of the connection; null for a client of none. */
  connectionId: string | null;
  method: HttpMethod;
  path: string;
  priority: CallPriority;
  durationMs: number;
  status: number | null;
  /** Why there was no answer. */
  failure: GitLabErrorCode | null;
  requestId: string | null;
};

export type QueryValue = string | number | boolean | readonly string[];

export type Call = {
  method: HttpMethod;
  /** Below the base URL, encoded, without query. */
  path: string;
  query?: Record<string, QueryValue | undefined>;
  json?: unknown;
  headers?: Record<string, string>;
  timeoutMs: number;
  subject: CallSubject;
};

/** The calls of one client at one priority. All reject with `GitLabError` only. */
export type Exchange = {
  /** One try; any status is an answer. */
  once(call: Call): Promise<HttpResponse>;
  /** One try; rejects unless the answer is a success. For writes. */
  write(call: Call): Promise<HttpResponse>;
  /** Repeated as `retryRead` says; rejects unless the answer is a success. */
  read(call: Call): Promise<HttpResponse>;
  /** Repeats any idempotent work as `retryRead` says; its calls share one time to wait for their turn. */
  retry<T>(work: (once: Exchange['once']) => Promise<T>): Promise<T>;
  /** How long such a call would have to wait by what is known of GitLab's limits; null: not at all. */
  waitMs(call: LimitedCall): number | null;
  /** The error that an answer which is no success stands for. */
  toError(response: HttpResponse, subject: CallSubject): GitLabError;
};

export type ExchangeOptions = {
  transport: Transport;
  token: string;
  budget: Budget;
  retry: Omit<RetryOptions, 'tries' | 'totalMs'>;
  now: () => Date;
  health: ClientHealth;
  onCall: (event: Omit<GitLabCallEvent, 'connectionId'>) => void;
};

function withQuery(path: string, query: Call['query']): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    if (typeof value === 'object') for (const item of value) params.append(`${name}[]`, item);
    else params.append(name, String(value));
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

function learn(response: HttpResponse, options: ExchangeOptions): void {
  const { health } = options;
  if (response.date !== null) health.clockSkewMs = response.date.getTime() - options.now().getTime();
  const rateLimit = rateLimitOf(response);
  if (rateLimit === null) return;
  health.rateLimit = rateLimit;
}

async function send(call: Call, priority: CallPriority, options: ExchangeOptions): Promise<HttpResponse> {
  const startedMs = performance.now();
  const report = (response: HttpResponse | null, failure: GitLabErrorCode | null): void => {
    options.onCall({
      method: call.method,
      path: call.path,
      priority,
      durationMs: performance.now() - startedMs,
      status: response?.status ?? null,
      failure,
      requestId: response?.headers['x-request-id'] ?? null,
    });
  };
  try {
    const { method, json, headers, timeoutMs } = call;
    const response = await options.transport.send({
      method,
      path: withQuery(call.path, call.query),
      timeoutMs,
      ...(json === undefined ? {} : { json }),
      ...(headers === undefined ? {} : { headers }),
    });
    learn(response, options);
    report(response, null);
    return response;
  } catch (error) {
    report(null, error instanceof GitLabError ? error.code : null);
    throw error;
  }
}

/** How long a call may wait for its turn, and how often a read is tried. */
type Patience = { waitMs: number; tries: number };

/**
 * A person waits for a query, and rather a while than for nothing. Grants and revokes come again by themselves, hold a lease
 * meanwhile and keep others waiting; a write is sent well before that lease ends (S42). Extraction outlasts the longest window.
 */
const PATIENCE: Readonly<Record<CallPriority, Patience>> = {
  revoke: { waitMs: 5_000, tries: 3 },
  grant: { waitMs: 5_000, tries: 3 },
  query: { waitMs: 25_000, tries: 6 },
  extraction: { waitMs: 660_000, tries: 8 },
};
const WRITE_WAIT_MS = 10_000;

/** Binds budget, retries, health and error mapping around a transport. */
export function createExchange(options: ExchangeOptions, priority: CallPriority): Exchange {
  const { budget, now } = options;
  const patience = PATIENCE[priority];
  const toError = (response: HttpResponse, subject: CallSubject): GitLabError =>
    statusError(response, { subject, now: now(), token: options.token });
  const callUntil = async (call: Call, untilMs: number): Promise<HttpResponse> =>
    budget.run({ priority, limit: limitOf(call), untilMs }, async () => send(call, priority, options));
  const until = (waitMs: number): number => now().getTime() + waitMs;
  const once: Exchange['once'] = async (call) => callUntil(call, until(patience.waitMs));

  /** GitLab names the whole interval; the budget knows when the window turns. */
  const errorOf = (response: HttpResponse, call: Call): GitLabError => {
    const error = toError(response, call.subject);
    const waitMs = response.status === 429 ? budget.waitMs(limitOf(call), priority) : null;
    if (waitMs === null) return error;
    return new GitLabError(error.code, error.message, { ...error.details, retryAfterMs: waitMs });
  };
  const successOf = (response: HttpResponse, call: Call): HttpResponse => {
    if (response.status < 200 || response.status > 299) throw errorOf(response, call);
    return response;
  };
  const retry: Exchange['retry'] = async (work) => {
    const { waitMs: totalMs, tries } = patience;
    const untilMs = until(totalMs);
    return retryRead(async () => work(async (call) => callUntil(call, untilMs)), { ...options.retry, totalMs, tries });
  };
  return {
    once,
    retry,
    toError,
    write: async (call) => successOf(await callUntil(call, until(Math.min(patience.waitMs, WRITE_WAIT_MS))), call),
    read: async (call) => retry(async (again) => successOf(await again(call), call)),
    waitMs: (call) => budget.waitMs(limitOf(call), priority),
  };
}
