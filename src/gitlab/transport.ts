import { Agent, buildConnector, errors } from 'undici';
import type { OutboundPolicy } from './outbound.ts';
import { guardedLookup } from './outbound.ts';
import { networkError } from './network-errors.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** `path` is below the base URL's root and already encoded, e.g. `/api/v4/user?x=1`. */
export type HttpRequest = {
  method: HttpMethod;
  path: string;
  json?: unknown;
  headers?: Record<string, string>;
  timeoutMs: number;
};

/** Header names in lower case. `date` is GitLab's clock at the answer, null if it sent none. */
export type HttpResponse = { status: number; headers: Record<string, string>; body: string; date: Date | null };

/** One kept-alive pool to one GitLab. */
export type Transport = { send(request: HttpRequest): Promise<HttpResponse>; close(): Promise<void> };

export type TransportOptions = {
  base: URL;
  token: string;
  policy: OutboundPolicy;
  connectTimeoutMs: number;
  connections: number;
};

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const KEEP_ALIVE_MS = 10_000;

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function dateOf(headers: Record<string, string>): Date | null {
  const date = new Date(headers['date'] ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}

/**
 * Requests to the base URL's origin and nowhere else: redirects are answers like any other, and the token is a header of
 * ours that no other host can get. Rejects with `GitLabError`s of the network only; every status is an answer.
 */
export function createTransport(options: TransportOptions): Transport {
  const { base, token } = options;
  const connect = buildConnector({ timeout: options.connectTimeoutMs, lookup: guardedLookup(base, options.policy) });
  const agent = new Agent({
    connect,
    connections: options.connections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  return {
    send: async (request) => {
      const signal = AbortSignal.timeout(request.timeoutMs);
      try {
        const answer = await agent.request({
          origin: base.origin,
          path: base.pathname.replace(/\/$/, '') + request.path,
          method: request.method,
          headers: {
            accept: 'application/json',
            'user-agent': 'gatehouse',
            ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
            ...request.headers,
            'private-token': token,
          },
          body: request.json === undefined ? null : JSON.stringify(request.json),
          headersTimeout: request.timeoutMs,
          bodyTimeout: request.timeoutMs,
          signal,
        });
        const headers = flatten(answer.headers);
        return { status: answer.statusCode, headers, body: await answer.body.text(), date: dateOf(headers) };
      } catch (error) {
        throw networkError(error, request.method);
      }
    },
    close: async () => {
      await agent.destroy(new errors.ClientDestroyedError());
    },
  };
}
