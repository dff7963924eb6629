import { z } from 'zod';

import { hookFault } from '../hooks/faults.ts';
import { json, type Reply } from '../http/reply.ts';
import type { WireRequest } from '../http/request.ts';
import { faultRule } from './faults.ts';
import { membershipTable } from './members.ts';
import type { Controls } from './controls.ts';
import { settingsChange } from './settings.ts';
import { NoSuchThing } from './state.ts';
import { stateEdit } from './edits.ts';

const clockMove = z.union([
  z.strictObject({ advanceMs: z.number().nonnegative() }),
  z.strictObject({ set: z.union([z.number(), z.iso.datetime({ offset: true })]) }),
]);
const latencySet = z.strictObject({ ms: z.number().nonnegative() });

type Handler = (controls: Controls, body: unknown) => unknown;

const ROUTES: Record<string, Handler> = {
  'GET /sandbox/clock': ({ world }) => clockNow(world.clock.now()),
  'POST /sandbox/clock': ({ world }, body) => {
    const move = clockMove.parse(body);
    if ('advanceMs' in move) world.clock.advance(move.advanceMs);
    else world.clock.set(typeof move.set === 'number' ? move.set : Date.parse(move.set));
    return clockNow(world.clock.now());
  },
  'GET /sandbox/faults': ({ faults }) => faults.list(),
  'POST /sandbox/faults': ({ faults }, body) =>
    z
      .array(faultRule)
      .parse([body].flat())
      .map((rule) => faults.add(rule)),
  'DELETE /sandbox/faults': ({ faults }) => {
    faults.clear();
    return [];
  },
  'GET /sandbox/latency': (controls) => ({ ms: controls.latencyMs() }),
  'POST /sandbox/latency': (controls, body) => {
    controls.setLatency(latencySet.parse(body).ms);
    return { ms: controls.latencyMs() };
  },
  'GET /sandbox/calls': ({ calls }) => calls.list(),
  'DELETE /sandbox/calls': ({ calls }) => {
    calls.clear();
    return [];
  },
  'GET /sandbox/hooks': ({ hooks }) => ({ faults: hooks.faults.list(), deliveries: hooks.list() }),
  'POST /sandbox/hooks': ({ hooks }, body) =>
    z
      .array(hookFault)
      .parse([body].flat())
      .map((fault) => hooks.faults.add(fault)),
  'DELETE /sandbox/hooks': ({ hooks }) => {
    hooks.clear();
    return [];
  },
  'GET /sandbox/settings': ({ world }) => world.settings,
  'POST /sandbox/settings': (controls, body) => {
    const change = settingsChange.parse(body);
    return Object.assign(controls.world.settings, change);
  },
  'POST /sandbox/state': (controls, body) =>
    z
      .array(stateEdit)
      .parse([body].flat())
      .map((edit) => controls.edit(edit)),
  'GET /sandbox/members': ({ world }) => membershipTable(world),
  'POST /sandbox/reset': (controls) => controls.reset(),
};

function clockNow(nowMs: number): Record<string, unknown> {
  return { now: new Date(nowMs).toISOString(), nowMs };
}

/** Answers the control API: what tests and newcomers turn while the sandbox runs. */
export function controlReply(controls: Controls, request: WireRequest): Reply {
  const handler = ROUTES[`${request.method} ${request.path}`];
  if (!handler) {
    return json(404, { error: 'no such control', controls: Object.keys(ROUTES) });
  }
  try {
    const body: unknown = request.bodyText === '' ? {} : JSON.parse(request.bodyText);
    return json(200, handler(controls, body));
  } catch (error) {
    if (error instanceof z.ZodError) return json(400, { error: z.prettifyError(error) });
    if (error instanceof SyntaxError || error instanceof NoSuchThing) return json(400, { error: error.message });
    throw error;
  }
}
