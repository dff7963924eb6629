import type { AddressInfo } from 'node:net';

import { createCallLog, type CallRecord } from './control/calls.ts';
import type { Controls } from './control/controls.ts';
import { createFaults, type FaultInput } from './control/faults.ts';
import { changeSettings, type SettingsChange } from './control/settings.ts';
import type { StateEdit } from './control/edits.ts';
import { applyEdit } from './control/state.ts';
import { createGraphQLHandler, type GraphQLSettings } from './graphql/index.ts';
import { createHooks, type HookDelivery } from './hooks/deliveries.ts';
import type { HookFaultInput } from './hooks/faults.ts';
import { createLimiter } from './http/limits.ts';
import { createHttpServer } from './http/serve.ts';
import {
  clearWorld,
  createClock,
  createWorld,
  defaultSettings,
  settleAuthorizations,
  startJobs,
  type SandboxClock,
  type SeedTokens,
  type Settings,
  type World,
} from './model/index.ts';
import { createRestHandler } from './rest/dispatch.ts';
import { seedTiny } from './model/tiny.ts';
import { seedWorld } from './seed/index.ts';

export type SandboxSize = 'tiny' | 'small' | 'medium' | 'large';

export interface SandboxOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly host?: string;
  readonly size?: SandboxSize;
  /** The number that decides the generated names and numbers. */
  readonly seed?: number;
  /** Fills the world in place of the generator. */
  readonly fill?: (world: World) => SeedTokens;
  readonly settings?: SettingsChange;
  readonly graphql?: GraphQLSettings;
  /** Where the clock starts; it runs on from there. Left out: the real time. */
  readonly startAt?: string;
  /** Told about faults of the sandbox itself. */
  readonly onError?: (error: unknown) => void;
}

/** A GitLab that runs here, with its controls. */
export interface Sandbox {
  /** Base URL without a slash at its end. */
  readonly url: string;
  readonly tokens: SeedTokens;
  readonly world: World;
  readonly clock: SandboxClock;
  /** Moves the clock forward, running every job that becomes due. */
  advance(ms: number): void;
  fault(rule: FaultInput): void;
  clearFaults(): void;
  /** What happens to the next deliveries of hooks: lost, duplicated or reordered. */
  hookFault(fault: HookFaultInput): void;
  /** Resolves with every delivery of hooks so far, once none is on its way. */
  hooksDelivered(): Promise<HookDelivery[]>;
  setLatency(ms: number): void;
  /** API calls answered so far, oldest first. */
  calls(): CallRecord[];
  clearCalls(): void;
  /** The settings now; with a change, after it. */
  settings(change?: SettingsChange): Settings;
  /** An edit that GitLab's API cannot make. */
  edit(edit: StateEdit): Record<string, unknown>;
  /** Back to the seed. Token texts are the same again. */
  reset(): void;
  close(): Promise<void>;
}

interface Filled {
  readonly world: World;
  readonly tokens: SeedTokens;
  readonly refill: () => SeedTokens;
}

function fillWorld(options: SandboxOptions): Filled {
  const startMs = options.startAt === undefined ? null : Date.parse(options.startAt);
  const clock = createClock(() => Date.now());
  const settings = defaultSettings();
  const world = createWorld({ clock, settings });
  const fill = options.fill ?? ((empty: World) => seeded(empty, options.size ?? 'small', options.seed ?? 1));
  const refill = (): SeedTokens => {
    clock.clear();
    clock.set(startMs ?? Date.now());
    clearWorld(world);
    // While seeding, nothing waits: the memberships of a seed are in force from the start.
    changeSettings(settings, { ...defaultSettings(), ...options.settings, authorizationDelayMs: 0 });
    const tokens = fill(world);
    changeSettings(settings, { authorizationDelayMs: defaultSettings().authorizationDelayMs, ...options.settings });
    settleAuthorizations(world);
    startJobs(world);
    return tokens;
  };
  return { world, tokens: refill(), refill };
}

function seeded(world: World, size: SandboxSize, seed: number): SeedTokens {
  return size === 'tiny' ? seedTiny(world) : seedWorld(world, { size, seed }).tokens;
}

/**
 * Starts a sandbox on its own port. The same size and seed give the same world in every run, except that its dates
 * count from the clock's start.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { world, tokens, refill } = fillWorld(options);
  const limiter = createLimiter(world.clock);
  const faults = createFaults();
  const calls = createCallLog();
  let listeningUrl = '';
  const baseUrl = (): string => world.settings.externalUrl ?? listeningUrl;
  const hooks = createHooks({ world, baseUrl, fetch });
  let latencyMs = 0;
  const controls: Controls = {
    world,
    faults,
    calls,
    hooks,
    latencyMs: () => latencyMs,
    setLatency(ms) {
      latencyMs = ms;
    },
    edit: (edit) => applyEdit(world, edit),
    reset() {
      latencyMs = 0;
      faults.clear();
      calls.clear();
      hooks.clear();
      limiter.clear();
      return { tokens: refill() };
    },
  };
  const graphql = createGraphQLHandler({
    world,
    baseUrl,
    ...(options.graphql ? { settings: options.graphql } : {}),
  });
  const server = createHttpServer({
    controls,
    limiter,
    rest: createRestHandler({ world, limiter, baseUrl }),
    graphql: (request, auth) => graphql({ ...request, auth }),
    onError: options.onError ?? reportError,
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  listeningUrl = urlOf(server.address(), host);
  return {
    url: listeningUrl,
    tokens,
    world,
    clock: world.clock,
    advance: (ms) => {
      world.clock.advance(ms);
    },
    fault: (rule) => {
      faults.add(rule);
    },
    clearFaults: () => {
      faults.clear();
    },
    hookFault: (fault) => {
      hooks.faults.add(fault);
    },
    hooksDelivered: () => hooks.delivered(),
    setLatency: (ms) => {
      controls.setLatency(ms);
    },
    calls: () => calls.list(),
    clearCalls: () => {
      calls.clear();
    },
    settings: (change = {}) => changeSettings(world.settings, change),
    edit: (edit) => controls.edit(edit),
    reset: () => {
      controls.reset();
    },
    close: async () => {
      await hooks.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

function reportError(error: unknown): void {
  process.stderr.write(
    `the sandbox failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  if (address === null || typeof address === 'string') throw new Error('the sandbox has no port to listen on');
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${String(address.port)}`;
}
