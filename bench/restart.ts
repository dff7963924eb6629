import { backstopDate } from '../src/grants/backstop.ts';
import { connect, grant, grantsOf, startBenchGateway } from './gateway.ts';
import type { BenchGateway, Storage } from './gateway.ts';
import { GRANTED_LEVEL } from './organisation.ts';
import { startBenchSandbox } from './sandbox.ts';
import type { BenchSandbox } from './sandbox.ts';
import { seedActiveGrants } from './seed.ts';
import { numbersBelow, openStorage, until, withEnding } from './workload.ts';
import type { Say, StoreName } from './workload.ts';

const SOURCES = 50;
const IN_THE_MIDDLE = 100;
/** What one connection has in flight to GitLab at once, the share kept for revokes left out. */
const GRANTS_OF_A_CONNECTION = 6;
/** Of the gateway. */
const WRITE_TIMES_OUT_MS = 15_000;
const DAY_MS = 86_400_000;
const LATENCY_MS = 20;
/** Longer than the run: no write that hangs when the gateway is killed comes true later. */
const HANGS_MS = 3_600_000;
const CATCHES_UP_WITHIN_MS = 180_000;

export type RestartOptions = { store: StoreName; grants: number; profileDir: string | null };

/**
 * `grants` grants are in force; a gateway is killed while 100 of them are being written: the intent is stored, GitLab has not
 * answered, and carries out every second one. Tells how long after the start of the next process it is ready, and when the
 * last of the 100 is verified. All but the 100 are stored directly, see `seed.ts`; the 100 are asked for through the API.
 */
export async function restart(options: RestartOptions, say: Say): Promise<void> {
  await withEnding(async (ending) => {
    const { store, grants } = options;
    const middle = Math.min(IN_THE_MIDDLE, Math.floor(grants / 2));
    const dueAt = new Date(Date.now() + DAY_MS);
    const backstop = backstopDate(dueAt);
    const storage = await openStorage(options, ending);
    const sandbox = await startBenchSandbox({
      shape: { grants, sources: Math.min(SOURCES, grants) },
      granted: grants - middle,
      backstop,
    });
    ending.add(() => sandbox.end());
    const connectionIds = await connectOften(storage, sandbox, Math.ceil(middle / GRANTS_OF_A_CONNECTION));
    await seedActiveGrants(storage, sandbox, { count: grants - middle, dueAt });
    say(`${store}: ${String(grants - middle)} grants in force`);
    await killWhileWriting(storage, sandbox, { from: grants - middle, connectionIds, dueAt });
    await carryOutEverySecond(sandbox, { from: grants - middle, backstop });
    await sandbox.control('DELETE', 'faults');
    await sandbox.control('POST', 'latency', { ms: LATENCY_MS });
    say(`${store}: killed in the middle of ${String(middle)} writes`);

    const startedAtMs = Date.now();
    const gateway = await startBenchGateway(storage);
    ending.add(() => gateway.end());
    await until('every write is verified', { everyMs: 50, withinMs: CATCHES_UP_WITHIN_MS }, async () => {
      return (await grantsOf(gateway, { statuses: ['ACTIVATING'] })).length === 0;
    });
    const caughtUpMs = (await lastActivation(gateway, middle)) - startedAtMs;
    await checkAll(gateway, sandbox);
    const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
    say(
      `restart: ready ${seconds(gateway.readyAtMs - gateway.startedAtMs)} s, caught up ${seconds(Math.max(0, caughtUpMs))} s`,
    );
  });
}

/** A gateway that saves `count` connections to the sandbox, and ends. */
async function connectOften(storage: Storage, sandbox: BenchSandbox, count: number): Promise<string[]> {
  const gateway = await startBenchGateway(storage);
  try {
    const ids: string[] = [];
    for (const number of numbersBelow(count)) {
      const name = `bench ${String(number)}`;
      ids.push(await connect(gateway, { name, baseUrl: sandbox.url, token: sandbox.ownerToken }));
    }
    return ids;
  } finally {
    await gateway.end();
  }
}

type Middle = { from: number; connectionIds: readonly string[]; dueAt: Date };

/** Asks for the grants from number `from` on, all at once, and kills the gateway when GitLab has every one of the writes. */
async function killWhileWriting(storage: Storage, sandbox: BenchSandbox, { from, connectionIds, dueAt }: Middle) {
  const indexes = numbersBelow(sandbox.shape.grants, from);
  const times = sandbox.shape.grants;
  for (const method of ['POST', 'PUT']) {
    await sandbox.control('POST', 'faults', { method, path: '/members', kind: 'delay', delayMs: HANGS_MS, times });
  }
  const gateway = await startBenchGateway(storage);
  const asked = indexes.map((index) => {
    const { source, user } = sandbox.whereIs(index);
    const connectionId = connectionIds[index % connectionIds.length] ?? '';
    return grant(gateway, { connectionId, username: user.username, source, expiresAt: dueAt });
  });
  const answers = Promise.allSettled(asked);
  let firstAtMs = Infinity;
  try {
    await until('GitLab has every write', { everyMs: 20, withinMs: 60_000 }, async () => {
      const faults = await sandbox.control<{ left: number }[]>('GET', 'faults');
      const begun = faults.reduce((sum, { left }) => sum + times - left, 0);
      if (begun > 0) firstAtMs = Math.min(firstAtMs, performance.now());
      return begun >= indexes.length;
    });
    if (performance.now() - firstAtMs > WRITE_TIMES_OUT_MS)
      throw new Error('The first write had been given up when the last was sent: the machine is too slow.');
  } finally {
    await gateway.kill();
    await answers;
  }
}

/** What GitLab does with the writes whose sender is dead: every second one is carried out. */
async function carryOutEverySecond(sandbox: BenchSandbox, { from, backstop }: { from: number; backstop: string }) {
  const edits = numbersBelow(sandbox.shape.grants, from).flatMap((index, nth) => {
    if (nth % 4 > 1) return [];
    const { place, source, user } = sandbox.whereIs(index);
    const row = { sourceKind: source.kind === 'group' ? 'Group' : 'Project', sourceId: source.id, userId: user.id };
    const added = { accessLevel: GRANTED_LEVEL, expiresAt: backstop, createdById: sandbox.ownerId };
    return place.raises
      ? [{ action: 'setMember', ...row, set: { accessLevel: GRANTED_LEVEL } }]
      : [{ action: 'addMember', ...row, set: added }];
  });
  await sandbox.control('POST', 'state', edits);
}

/** When the last of the newest `count` grants became active, in milliseconds since 1970. */
async function lastActivation(gateway: BenchGateway, count: number): Promise<number> {
  type Newest = { grants: { nodes: { activatedAt: string | null }[] } };
  const { grants } = await gateway.query<Newest>(
    'query Newest($count: Int!) { grants(first: $count) { nodes { activatedAt } } }',
    { count },
  );
  return Math.max(...grants.nodes.map(({ activatedAt }) => Date.parse(activatedAt ?? '')));
}

/** Nothing is forgotten: every grant is active and GitLab holds what it promises. */
async function checkAll(gateway: BenchGateway, sandbox: BenchSandbox): Promise<void> {
  const { grants } = sandbox.shape;
  const active = await grantsOf(gateway, { statuses: ['ACTIVE'] });
  if (active.length !== grants) throw new Error(`${String(active.length)} of ${String(grants)} grants are active.`);
  const rows = await sandbox.rows();
  const missing = numbersBelow(grants).filter(
    (index) => rows.get(sandbox.whereIs(index).key)?.accessLevel !== GRANTED_LEVEL,
  );
  if (missing.length > 0)
    throw new Error(`${String(missing.length)} of ${String(grants)} memberships are not granted.`);
}
