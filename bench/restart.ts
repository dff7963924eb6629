import { EXAMPLES, copyGrants, copyMemberships, countIntents } from './copies.ts';
import { connect, grant, grantsOf, startBenchGateway } from './gateway.ts';
import type { BenchGateway, Storage } from './gateway.ts';
import { GRANTED_LEVEL } from './organisation.ts';
import { startBenchSandbox } from './sandbox.ts';
import type { BenchSandbox } from './sandbox.ts';
import { eachOf, numbersBelow, openStorage, until, withEnding } from './workload.ts';
import type { Say, StoreName } from './workload.ts';

const SOURCES = 50;
const IN_THE_MIDDLE = 100;
/** A connection has more in flight to GitLab at once, also where it was slow. */
const GRANTS_OF_A_CONNECTION = 4;
const CONNECTED_AT_ONCE = 4;
const DAY_MS = 86_400_000;
const LATENCY_MS = 20;
/** Longer than the run: no write that hangs when the gateway is killed comes true later. */
const HANGS_MS = 3_600_000;
const CATCHES_UP_WITHIN_MS = 180_000;

export type RestartOptions = { store: StoreName; grants: number; profileDir: string | null };

/**
 * `grants` grants are in force; a gateway is killed while 100 of them are being written: the intent is stored, GitLab has not
 * answered, and carries out every second one. Tells how long after the start of the next process it is ready, and when the
 * last of the 100 is verified. A few grants and the 100 are asked for through the API; the others are copies, see `copies.ts`.
 */
export async function restart(options: RestartOptions, say: Say): Promise<void> {
  await withEnding(async (ending) => {
    const { store, grants } = options;
    const middle = Math.min(IN_THE_MIDDLE, Math.floor(grants / 2));
    const dueAt = new Date(Date.now() + DAY_MS);
    const storage = await openStorage(options, ending);
    const sandbox = await startBenchSandbox({ shape: { grants, sources: Math.min(SOURCES, grants) } });
    ending.add(() => sandbox.end());
    const connectionIds = await makeExamples(storage, sandbox, Math.ceil(middle / GRANTS_OF_A_CONNECTION), dueAt);
    await copyGrants(storage, sandbox, {
      examples: EXAMPLES,
      range: numbersBelow(grants - middle, EXAMPLES.length),
    });
    say(`${store}: ${String(grants - middle)} grants in force`);
    await killWhileWriting(storage, sandbox, { from: grants - middle, connectionIds, dueAt });
    const written = await countIntents(storage);
    if (written !== middle)
      throw new Error(`${String(written)} of ${String(middle)} were in the middle. Run it again.`);
    await carryOutEverySecond(sandbox, grants - middle);
    await sandbox.control('DELETE', 'faults');
    await sandbox.control('POST', 'latency', { ms: LATENCY_MS });
    say(`${store}: killed in the middle of ${String(middle)} writes`);

    const startedAtMs = Date.now();
    const gateway = await startBenchGateway(storage);
    ending.add(() => gateway.end());
    // Asked seldom and for little, since asking is work too; when it was done is told by the grants.
    await until('every write is verified', { everyMs: 250, withinMs: CATCHES_UP_WITHIN_MS }, async () => {
      return (await countActivating(gateway)) === 0;
    });
    const caughtUpMs = (await lastActivation(gateway, middle)) - startedAtMs;
    await checkAll(gateway, sandbox);
    const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
    say(
      `restart: ready ${seconds(gateway.readyAtMs - gateway.startedAtMs)} s, caught up ${seconds(Math.max(0, caughtUpMs))} s`,
    );
  });
}

/** A gateway that saves `count` connections to the sandbox, makes the examples in whole, and ends. */
async function makeExamples(storage: Storage, sandbox: BenchSandbox, count: number, dueAt: Date): Promise<string[]> {
  const gateway = await startBenchGateway(storage);
  try {
    const ids: string[] = [];
    await eachOf(numbersBelow(count), CONNECTED_AT_ONCE, async (number) => {
      const name = `bench ${String(number)}`;
      ids.push(await connect(gateway, { name, baseUrl: sandbox.url, token: sandbox.ownerToken }));
    });
    const [connectionId = ''] = ids;
    for (const index of EXAMPLES) {
      const { source, user } = sandbox.whereIs(index);
      await grant(gateway, { connectionId, username: user.username, source, expiresAt: dueAt });
    }
    await sandbox.control('POST', 'state', [{ action: 'settleAuthorizations' }]);
    await until('the examples have been followed up', { everyMs: 100, withinMs: 60_000 }, () => followedUp(gateway));
    return ids;
  } finally {
    await gateway.end();
  }
}

/** The row that was added on a project is in force; the others are followed up in the same pass. */
async function followedUp(gateway: BenchGateway): Promise<boolean> {
  type Seen = { grants: { nodes: { inForceAt: string | null }[] } };
  const { grants } = await gateway.query<Seen>('{ grants(first: 4) { nodes { inForceAt } } }');
  return grants.nodes.some(({ inForceAt }) => inForceAt !== null);
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
  try {
    await until('GitLab has every write', { everyMs: 20, withinMs: 120_000 }, async () => {
      const faults = await sandbox.control<{ left: number }[]>('GET', 'faults');
      return faults.reduce((sum, { left }) => sum + times - left, 0) >= indexes.length;
    });
  } finally {
    await gateway.kill();
    await answers;
  }
}

/** What GitLab does with the writes whose sender is dead: every second one is carried out, as it did with the examples. */
async function carryOutEverySecond(sandbox: BenchSandbox, from: number): Promise<void> {
  const late = numbersBelow(sandbox.shape.grants, from).filter((_, nth) => nth % 4 < 2);
  await copyMemberships(sandbox, EXAMPLES, late);
}

async function countActivating(gateway: BenchGateway): Promise<number> {
  type Counted = { grants: { totalCount: number } };
  const { grants } = await gateway.query<Counted>(
    '{ grants(first: 1, filter: { statuses: [ACTIVATING] }) { totalCount } }',
  );
  return grants.totalCount;
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
