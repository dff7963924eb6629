import { performance } from 'node:perf_hooks';
import type { Budget } from './budget.ts';
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
  /** Repeats any idempotent work as `retryRead` says. */
  retry<T>(work: () => Promise<T>): Promise<T>;
  /** The error that an answer which is no success stands for. */
  toError(response: HttpResponse, subject: CallSubject): GitLabError;
};

export type ExchangeOptions = {
  transport: Transport;
  token: string;
  budget: Budget;
  retry: RetryOptions;
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
  options.budget.observe(rateLimit, health.clockSkewMs ?? 0);
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

/** Binds budget, retries, health and error mapping around a transport. */
export function createExchange(options: ExchangeOptions, priority: CallPriority): Exchange {
  const toError = (response: HttpResponse, subject: CallSubject): GitLabError =>
    statusError(response, { subject, now: options.now(), token: options.token });
  const once = async (call: Call): Promise<HttpResponse> =>
    options.budget.run(priority, async () => send(call, priority, options));
  const write = async (call: Call): Promise<HttpResponse> => {
    const response = await once(call);
    if (response.status < 200 || response.status > 299) throw toError(response, call.subject);
    return response;
  };
  const retry = async <T>(work: () => Promise<T>): Promise<T> => retryRead(work, options.retry);
  return { once, write, retry, toError, read: async (call) => retry(async () => write(call)) };
}
