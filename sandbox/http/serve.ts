import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { bodyKeys, operationOf, withoutTokens } from '../control/calls.ts';
import type { Controls } from '../control/controls.ts';
import { faultReply } from '../control/fault-replies.ts';
import type { FaultRule } from '../control/faults.ts';
import { controlReply } from '../control/routes.ts';
import { changeMember } from '../model/index.ts';
import { otherVersion } from '../rest/dispatch.ts';
import { authenticate, type Authentication } from './auth.ts';
import type { Limiter } from './limits.ts';
import { json, type Reply } from './reply.ts';
import { isRecord, readRequest, type WireRequest } from './request.ts';
import { throttle } from './throttle.ts';

export interface ServeDeps {
  readonly controls: Controls;
  readonly limiter: Limiter;
  readonly rest: (request: WireRequest, auth: Authentication) => Reply;
  readonly graphql: (request: WireRequest, auth: Authentication) => Promise<Reply>;
  /** Told about faults of the sandbox itself. */
  readonly onError: (error: unknown) => void;
}

const CUT = 'cut';

/** Makes the HTTP server of a sandbox: control API, REST, GraphQL, and nothing else. */
export function createHttpServer(deps: ServeDeps): Server {
  let requests = 0;
  const server = createServer((message, response) => {
    requests += 1;
    respond(deps, message, response, requests).catch((error: unknown) => {
      deps.onError(error);
      if (!response.headersSent) write(deps, response, json(500, { message: '500 Internal Server Error' }), requests);
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

async function respond(
  deps: ServeDeps,
  message: IncomingMessage,
  response: ServerResponse,
  number: number,
): Promise<void> {
  const request = await readRequest(message);
  const { controls } = deps;
  controls.world.clock.tick();
  if (request.path.startsWith('/sandbox/')) {
    write(deps, response, controlReply(controls, request), number);
    return;
  }
  if (!request.path.startsWith('/api/')) {
    write(deps, response, { status: 404, text: 'Not a page of the sandbox', headers: HTML }, number);
    return;
  }
  const reply = await apiReply(deps, request);
  if (reply === CUT) message.socket.destroy();
  else write(deps, response, reply, number, request.method === 'HEAD');
}

const HTML = { 'Content-Type': 'text/html' };

/** One API call with its latency, faults, throttle and entry in the log. */
async function apiReply(deps: ServeDeps, request: WireRequest): Promise<Reply | typeof CUT> {
  const { controls } = deps;
  const operation = request.path === '/api/graphql' ? operationOf(request) : null;
  const url = request.queryText === '' ? request.path : `${request.path}?${request.queryText}`;
  const fault = controls.faults.take({ method: request.method, url, operation });
  const latencyMs = controls.latencyMs();
  if (latencyMs > 0) await sleep(latencyMs);
  if (fault?.delayMs !== undefined) await controls.faults.delay(fault.delayMs);
  const auth = authenticate(controls.world, request);
  const userId = auth.kind === 'user' || auth.kind === 'forbidden' ? auth.user.id : null;
  const reply = await faulty(deps, request, auth, fault);
  controls.calls.add({
    at: new Date(controls.world.clock.now()).toISOString(),
    method: request.method,
    path: request.path,
    query: withoutTokens(request.queryText),
    status: reply === CUT ? 0 : reply.status,
    userId,
    operation,
    bodyKeys: bodyKeys(request),
    fault: fault?.kind ?? null,
  });
  return reply;
}

async function faulty(
  deps: ServeDeps,
  request: WireRequest,
  auth: Authentication,
  fault: FaultRule | null,
): Promise<Reply | typeof CUT> {
  if (fault?.kind === 'cut-before') return CUT;
  const forced = fault && faultReply(fault, deps.controls.world.clock.now());
  if (forced) return forced;
  const { world } = deps.controls;
  const firstNewRow = world.nextId.member;
  const reply = await throttled(deps, request, auth);
  if (fault?.kind === 'cut-after') return CUT;
  if (fault?.kind !== 'awaiting-201' || reply.status !== 201 || !isRecord(reply.body)) return reply;
  for (let id = firstNewRow; id < world.nextId.member; id += 1) {
    const row = world.members.get(id);
    if (row) changeMember(world, row, { state: 'awaiting' });
  }
  return { ...reply, body: { ...reply.body, membership_state: 'awaiting' } };
}

async function throttled(deps: ServeDeps, request: WireRequest, auth: Authentication): Promise<Reply> {
  const { world } = deps.controls;
  const limit = world.settings.throttle;
  if (!limit) return route(deps, request, auth);
  const userId = auth.kind === 'user' ? auth.user.id : null;
  const { headers, refused } = throttle(
    { limiter: deps.limiter, nowMs: world.clock.now(), limit },
    { userId, ip: request.ip },
  );
  if (refused) return refused;
  const reply = await route(deps, request, auth);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

async function route(deps: ServeDeps, request: WireRequest, auth: Authentication): Promise<Reply> {
  if (request.path === '/api/graphql') return deps.graphql(request, auth);
  if (request.path === '/api/v4' || request.path.startsWith('/api/v4/')) return deps.rest(request, auth);
  return otherVersion(request.path);
}

/** Writes an answer; the `Date` header is the sandbox's time. */
function write(deps: ServeDeps, response: ServerResponse, reply: Reply, number: number, headOnly = false): void {
  const isJson = reply.text === undefined && reply.status !== 204;
  const text = isJson ? JSON.stringify(reply.body ?? null) : (reply.text ?? '');
  response.sendDate = false;
  response.writeHead(reply.status, {
    Date: new Date(deps.controls.world.clock.now()).toUTCString(),
    'X-Request-Id': `sandbox-${String(number).padStart(8, '0')}`,
    ...(isJson ? { 'Content-Type': 'application/json' } : {}),
    ...(reply.status === 204 ? {} : { 'Content-Length': String(Buffer.byteLength(text)) }),
    ...reply.headers,
  });
  response.end(headOnly || reply.status === 204 ? undefined : text);
}
