import { randomUUID } from 'node:crypto';

import { selfAndAncestors, type Hook, type World, type WorldEvent } from '../model/index.ts';
import { createHookFaults, type HookFaults } from './faults.ts';
import { payloadOf, type Payload } from './payloads.ts';

/** One body on its way to one hook, and what became of it. */
export interface HookDelivery {
  readonly hookId: number;
  readonly event: string;
  /** Shared by all hooks that are told of the same event. */
  readonly eventUuid: string;
  /** The same when one delivery is sent twice. */
  readonly idempotencyKey: string;
  readonly payload: Payload;
  outcome: 'waiting' | 'lost' | 'sent' | 'failed';
  /** The receiver's answer; null where there was none. */
  status: number | null;
}

export interface Hooks {
  readonly faults: HookFaults;
  /** Resolves once everything told so far was sent, or lost; what waits to be sent out of order is sent then. */
  delivered(): Promise<HookDelivery[]>;
  /** Every delivery so far, oldest first; one sent twice is there twice. */
  list(): HookDelivery[];
  clear(): void;
  /** Cuts what is on its way and listens no more. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/**
 * Sends the world's events to its hooks by HTTP, beside the calls that caused them: each hook in order, nothing is
 * sent again after a failure (docs/gitlab.md §hooks).
 */
export function createHooks(deps: { world: World; baseUrl: () => string; fetch: typeof fetch }): Hooks {
  const { world } = deps;
  const faults = createHookFaults();
  const stop = new AbortController();
  let deliveries: HookDelivery[] = [];
  let held: (() => void)[] = [];
  const lines = new Map<number, Promise<void>>();

  const send = async (hook: Hook, delivery: HookDelivery): Promise<void> => {
    try {
      const response = await deps.fetch(hook.url, {
        method: 'POST',
        redirect: 'manual',
        headers: headersOf(world, deps.baseUrl(), hook, delivery),
        body: JSON.stringify(delivery.payload),
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      Object.assign(delivery, { outcome: response.ok ? 'sent' : 'failed', status: response.status });
    } catch {
      // A receiver that is not there is no fault of the sandbox: GitLab logs it and goes on.
      delivery.outcome = 'failed';
    }
  };
  const line = (hook: Hook, delivery: HookDelivery): void => {
    deliveries.push(delivery);
    const before = lines.get(hook.id) ?? Promise.resolve();
    lines.set(
      hook.id,
      before.then(() => send(hook, delivery)),
    );
  };
  const release = (): void => {
    const waiting = held;
    held = [];
    for (const go of waiting) go();
  };
  const dispatch = (hook: Hook, delivery: HookDelivery): void => {
    const fault = faults.take(delivery.event);
    if (fault === 'lost') deliveries.push({ ...delivery, outcome: 'lost' });
    else if (fault === 'reordered')
      held.push(() => {
        line(hook, delivery);
      });
    else {
      line(hook, delivery);
      if (fault === 'duplicated') line(hook, { ...delivery });
      release();
    }
  };
  const listener = (event: WorldEvent): void => {
    const payload = payloadOf(world, event);
    if (!payload) return;
    const eventUuid = randomUUID();
    for (const hook of hooksFor(world, event)) {
      const ids = { hookId: hook.id, eventUuid, idempotencyKey: randomUUID() };
      dispatch(hook, { ...ids, event: payload.event_name, payload, outcome: 'waiting', status: null });
    }
  };
  world.listeners.add(listener);

  const settle = async (): Promise<void> => {
    release();
    await Promise.all(lines.values());
    // More may have been told while the first were on their way.
    if (held.length > 0 || deliveries.some((item) => item.outcome === 'waiting')) await settle();
  };
  return {
    faults,
    list: () => deliveries.map((item) => ({ ...item })),
    async delivered() {
      await settle();
      return deliveries.map((item) => ({ ...item }));
    },
    clear() {
      deliveries = [];
      held = [];
      faults.clear();
    },
    async close() {
      world.listeners.delete(listener);
      stop.abort();
      await Promise.all(lines.values());
    },
  };
}

/** System hooks hear everything; a group's hear of members of the group and its subgroups, projects not among them. */
function hooksFor(world: World, event: WorldEvent): Hook[] {
  const hooks = [...world.hooks.values()];
  const found = hooks.filter((hook) => hook.groupId === null);
  if (event.kind !== 'member' || event.row.sourceKind !== 'Group') return found;
  const above = new Set(selfAndAncestors(world, event.row.sourceId).map((group) => group.id));
  const ofGroups = hooks.filter((hook) => hook.groupId !== null && above.has(hook.groupId));
  return [...found, ...ofGroups.filter((hook) => hook.wants['member_events'] === true)];
}

function headersOf(world: World, baseUrl: string, hook: Hook, delivery: HookDelivery): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': `GitLab/${world.settings.version}`,
    'X-Gitlab-Event': hook.groupId === null ? 'System Hook' : 'Member Hook',
    'X-Gitlab-Instance': baseUrl,
    'X-Gitlab-Webhook-UUID': hook.uuid,
    'X-Gitlab-Event-UUID': delivery.eventUuid,
    'Idempotency-Key': delivery.idempotencyKey,
    ...(hook.token === null ? {} : { 'X-Gitlab-Token': hook.token }),
  };
}
