import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgresServer } from '../test/support/postgres-server.ts';
import { createApi } from './api.ts';
import type { Api, Counters } from './api.ts';
import { createClients } from './clients.ts';
import type { Asked } from './clients.ts';
import { makeFaults } from './faults.ts';
import { createGateways } from './gateways.ts';
import { createGitLab } from './gitlab.ts';
import type { GitLab, MemberRow } from './gitlab.ts';
import { killAtRandom } from './kills.ts';
import type { Kills } from './kills.ts';
import { createLedger } from './ledger.ts';
import { SAVE_CONNECTION, STANDING, savedSchema, standingSchema } from './operations.ts';
import type { Standing } from './operations.ts';
import type { StoreKind } from './options.ts';
import type { Processes } from './processes.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { embeddedView, postgresView } from './store.ts';
import { makeWorld } from './world.ts';

/** How long after the last kill everything must have come to its end: leases of the dead, back-offs, the longest grant. */
const QUIET_WITHIN_MS = 300_000;
/** A call that a gateway left behind when it died may still be on its way into GitLab. */
const LATE_CALLS_MS = 2_500;
const LATENCY_MS = 15;

const PHASES = {
  postgres: { gateways: 3, clients: 40, pauseMs: [800, 2_800] },
  embedded: { gateways: 1, clients: 20, pauseMs: [500, 3_000] },
} as const;

export type Outcome = {
  store: StoreKind;
  minutes: number;
  kills: Kills;
  /** Calls that something was made to go wrong with, by kind. */
  faults: ReadonlyMap<string, number>;
  asked: Asked;
  counters: Counters;
  standing: Standing;
  quietAfterMs: number;
  errors: ReadonlyMap<string, number>;
  /** The row that was changed behind the gateways' back, in words; null: none. */
  planted: string | null;
  /** What is not as it must be, in words. */
  differences: string[];
};

type Settings = {
  store: StoreKind;
  minutes: number;
  seed: number;
  plant: boolean;
  folder: string;
  processes: Processes;
};

/** One store: starts GitLab and the gateways, lets clients, faults and kills loose on them, and compares what is left. */
export async function runPhase(settings: Settings): Promise<Outcome> {
  const { store, processes } = settings;
  const spareDir = path.join(settings.folder, store);
  const dataDir = path.join(spareDir, 'data');
  await mkdir(dataDir, { recursive: true });
  const server = store === 'postgres' ? await startPostgresServer() : null;
  try {
    const databaseUrl = server?.url('postgres') ?? null;
    const view = databaseUrl === null ? embeddedView({ processes, dataDir, spareDir }) : postgresView(databaseUrl);
    return await underFire(settings, { spareDir, dataDir, databaseUrl, view });
  } finally {
    await processes.endAll();
    await server?.stop();
  }
}

type Place = {
  spareDir: string;
  dataDir: string;
  databaseUrl: string | null;
  view: ReturnType<typeof postgresView>;
};

async function underFire(settings: Settings, place: Place): Promise<Outcome> {
  const { store, seed, processes } = settings;
  const sizes = PHASES[store];
  const gitlab = await startGitLab(settings);
  const world = await makeWorld(gitlab, createRandom(seed, 'world'));
  const ledger = createLedger(await gitlab.members());

  const key = randomBytes(24).toString('base64url');
  const env = environment(settings, place, key);
  const gateways = createGateways(
    processes,
    Array.from({ length: sizes.gateways }, () => env),
  );
  // One at a time at first: the first makes the tables.
  for (const slot of gateways.slots) {
    gateways.start(slot);
    await gateways.allReady();
  }
  const api = createApi({ urls: () => gateways.urls(), key, random: createRandom(seed, 'api') });
  const connectionId = await connect(api, gitlab);
  await gitlab.setLatency(LATENCY_MS);
  const clients = createClients({ api, ledger, world, connectionId, seed, count: sizes.clients });

  const startedAt = performance.now();
  const stopped = (): boolean => performance.now() - startedAt > settings.minutes * 60_000;
  const excess = new Set<string>();
  const onRows = (rows: readonly MemberRow[]): void => {
    for (const what of ledger.excess(rows)) excess.add(what);
  };
  const { pauseMs } = sizes;
  const { longestWaitMs } = api;
  const [kills] = await Promise.all([
    killAtRandom(
      { gateways, gitlab, view: place.view, random: createRandom(seed, 'kills'), pauseMs, longestWaitMs, onRows },
      stopped,
    ),
    makeFaults({ gitlab, random: createRandom(seed, 'faults') }, stopped),
    clients.work(stopped),
  ]);

  const quietFrom = performance.now();
  const standing = await quiet(api, quietFrom + QUIET_WITHIN_MS);
  const quietAfterMs = performance.now() - quietFrom;
  await sleep(LATE_CALLS_MS);
  const disobedient = await gateways.endAll();
  const planted = settings.plant ? await plant(gitlab, createRandom(seed, 'plant')) : null;
  await gitlab.takeCalls();
  const differences = [
    ...excess,
    ...ledger.differences(await gitlab.members(), new Date().toISOString().slice(0, 10)),
    ...leftOver(standing, clients.grantIds),
    ...clients.asked.unlike.map((what) => `a repeated mutation named something else: ${what}`),
    ...(await place.view.faults()),
    ...gateways.crashes(),
    ...(disobedient === 0 ? [] : [`${String(disobedient)} gateway(s) did not end in order`]),
  ];
  const { asked } = clients;
  const { minutes } = settings;
  const { counters } = api;
  return {
    store,
    minutes,
    kills,
    faults: gitlab.faultsHit,
    asked,
    counters,
    standing,
    quietAfterMs,
    errors: gateways.errors,
    planted,
    differences,
  };
}

async function startGitLab({ processes, seed }: Settings): Promise<GitLab> {
  const sandbox = processes.start('sandbox/main.ts', {
    args: ['--port', '0', '--size', 'small', '--seed', String(seed)],
    readyWhen: /running at (\S+)[\s\S]*administrator:\s+(\S+)/,
  });
  const [, url = '', token = ''] = await sandbox.ready;
  return createGitLab({ url, token });
}

function environment(settings: Settings, place: Place, key: string): Record<string, string> {
  return {
    PORT: '0',
    DATA_DIR: place.dataDir,
    ...(place.databaseUrl === null ? {} : { DATABASE_URL: place.databaseUrl }),
    GATEHOUSE_KEY: randomBytes(32).toString('base64'),
    GATEHOUSE_ADMIN_KEY: key,
    ALLOW_INSECURE_GITLAB: 'true',
    LOG_LEVEL: 'error',
    // A gateway is started hundreds of times; this spares it from compiling the same code again.
    NODE_COMPILE_CACHE: path.join(settings.folder, 'compiled'),
  };
}

async function connect(api: Api, gitlab: GitLab): Promise<string> {
  const input = { name: 'chaos', baseUrl: gitlab.url, token: gitlab.token };
  const saved = savedSchema.parse(await api.ask(SAVE_CONNECTION, { input }, performance.now() + 60_000));
  const id = saved.saveConnection.connection?.id;
  if (id === undefined) throw new Error(`GitLab could not be connected: ${JSON.stringify(saved)}`);
  return id;
}

/** Waits until nothing stands and nothing is due; answers how it stood last. */
async function quiet(api: Api, giveUpAt: number): Promise<Standing> {
  for (;;) {
    const standing = standingSchema.parse(await api.ask(STANDING, {}, giveUpAt));
    const left = standing.unended.totalCount + standing.pending.totalCount;
    if (left === 0 || performance.now() > giveUpAt - 1_000) return standing;
    await sleep(500);
  }
}

/** Grants and revocations that did not end, and grants that a repeated call made twice. */
function leftOver(standing: Standing, grantIds: ReadonlySet<string>): string[] {
  const { all, unended, pending } = standing;
  return [
    ...(unended.totalCount === 0
      ? []
      : [`${String(unended.totalCount)} grants did not end: ${JSON.stringify(unended.nodes)}`]),
    ...(pending.totalCount === 0 ? [] : [`${String(pending.totalCount)} revocations are not proven`]),
    ...(all.totalCount === grantIds.size
      ? []
      : [`${String(grantIds.size)} grants were answered, and the gateway has ${String(all.totalCount)}`]),
  ];
}

/** Changes one row by hand, as nobody asked for, and names it as differences do. */
async function plant(gitlab: GitLab, random: Random): Promise<string> {
  const { sourceKind, sourceId, userId, accessLevel }: MemberRow = random.pick(await gitlab.members());
  const set = { accessLevel: accessLevel === 30 ? 40 : 30 };
  await gitlab.edit([{ action: 'setMember', sourceKind, sourceId, userId, set }]);
  return `${sourceKind}:${String(sourceId)}:${String(userId)}`;
}
