import { setTimeout as pause } from 'node:timers/promises';
import { startBenchGateway } from './gateway.ts';
import type { BenchGateway, Storage } from './gateway.ts';
import { callsOf, tellCalls, tellEach, tellRefusals } from './refusals.ts';
import type { CallSeen } from './refusals.ts';
import { WARM_UP, endedGrants, latenessOf, makeGrants } from './revoke.ts';
import { startBenchSandbox } from './sandbox.ts';
import type { BenchSandbox } from './sandbox.ts';
import { numbersBelow, openStorage, percentile, withEnding } from './workload.ts';
import type { Ending, Say, StoreName } from './workload.ts';
import { makeWeather } from './weather.ts';

const SOURCES = 50;
const LATENCY_MS = 20;
/** Grants that are made at once: few, so that each is active in time on a slow machine, too. */
const PARALLEL = 6;
/** GitLab's general throttle, which tells of itself with every answer. */
const THROTTLE = { requests: 3_000, periodSeconds: 15 };
/** People read before they ask again; together they stay below what the gateway itself takes from one address. */
const THINK_MS = { least: 1_600, most: 3_600 };
/** The load goes on until the last grant has been due for so long. */
const TAIL_MS = 3_000;

export type StormOptions = {
  store: StoreName;
  clients: number;
  grants: number;
  seconds: number;
  /** Gateway processes on one store; the clients are spread over them. */
  gateways: number;
  profileDir: string | null;
};

type Asked = { tookMs: number[]; failures: Map<string, number> };

const MEMBERS = 'members(first: 20) { nodes { accessLevel expiresAt user { username } } }';

/** What the clients ask, in turn: one group, one project, lists, a person, somebody's access. */
function questionOf(sandbox: BenchSandbox, number: number): { document: string; variables: Record<string, string> } {
  const source = sandbox.sources[number % sandbox.sources.length];
  const user = sandbox.users[number % sandbox.users.length];
  if (source === undefined || user === undefined) throw new Error('The organisation is empty.');
  const variables = { path: source.fullPath, username: user.username };
  const asks = (selection: string, names: string): { document: string; variables: Record<string, string> } => ({
    document: `query Storm${names} { connection(name: "bench") { ${selection} } }`,
    variables,
  });
  const path = '($path: ID!)';
  switch (number % 5) {
    case 0:
      return asks(`${source.kind}(fullPath: $path) { fullPath ${MEMBERS} }`, path);
    case 1:
      return asks(
        `user(username: $username) { name memberships(first: 20) { nodes { accessLevel } } }`,
        '($username: String!)',
      );
    case 2:
      return asks(`groups(first: 20) { nodes { fullPath name visibility } }`, '');
    case 3:
      return asks(
        `${source.kind}(fullPath: $path) { access(user: { username: $username }) { accessLevel } }`,
        '($path: ID!, $username: String!)',
      );
    default:
      return asks(`${source.kind}(fullPath: $path) { name fullPath }`, path);
  }
}

/** One client: asks, reads, asks again, until the time is over. */
async function client(
  gateway: BenchGateway,
  sandbox: BenchSandbox,
  number: number,
  { endsAtMs, asked }: { endsAtMs: number; asked: Asked },
): Promise<void> {
  const think = (): number => THINK_MS.least + Math.random() * (THINK_MS.most - THINK_MS.least);
  await pause(Math.random() * THINK_MS.most);
  for (let round = 0; performance.now() < endsAtMs; round += 1) {
    const { document, variables } = questionOf(sandbox, number + round * 7);
    const startedAtMs = performance.now();
    try {
      await gateway.query(document, variables);
    } catch (error) {
      const says = error instanceof Error ? error.message : 'unknown';
      const code = /"code":"([A-Z_]+)"/.exec(says)?.[1] ?? says;
      asked.failures.set(code, (asked.failures.get(code) ?? 0) + 1);
    }
    asked.tookMs.push(performance.now() - startedAtMs);
    await pause(think());
  }
}

/**
 * `clients` ask a mixture of questions through the gateways while grants fall due evenly and GitLab, at 20 ms and with its limits on,
 * refuses and breaks. Told is what GitLab refused and how the gateways obeyed, how many questions failed, and how long after its due
 * time a grant was verified ended. Throws when a membership is not as it was before.
 */
export async function storm(options: StormOptions, say: Say): Promise<void> {
  await withEnding(async (ending) => {
    const { store, clients, grants, seconds } = options;
    const storage = await openStorage(options, ending);
    const shape = { grants: grants + Math.min(grants, WARM_UP), sources: Math.min(SOURCES, grants) };
    const sandbox = await startBenchSandbox({ shape });
    ending.add(() => sandbox.end());
    await sandbox.control('POST', 'settings', { rateLimits: false });
    const gateways = await startGateways(options.gateways, storage, ending);
    const gateway = nth(gateways, 0);
    const window = await makeGrants(gateway, sandbox, { grants, windowSeconds: seconds, parallel: PARALLEL });
    say(
      `${store}: ${String(grants)} grants made, due from ${window.from.toISOString()} on; ${String(clients)} clients ask, gateways: ${String(gateways.length)}`,
    );
    await sandbox.control('POST', 'latency', { ms: LATENCY_MS });
    await sandbox.control('POST', 'settings', { rateLimits: true, throttle: THROTTLE });
    const before = await callsOf(gateways);
    await sandbox.control('DELETE', 'calls');
    await pause(Math.max(0, window.from.getTime() - Date.now()));
    const asked: Asked = { tookMs: [], failures: new Map() };
    const endsAtMs = performance.now() + seconds * 1_000 + TAIL_MS;
    const asking = numbersBelow(clients).map((number) =>
      client(nth(gateways, number), sandbox, number, { endsAtMs, asked }),
    );
    const refusing = await makeWeather(sandbox, seconds, say);
    await Promise.all(asking);
    const ended = await endedGrants(gateway, sandbox, { grants, before: window.to });
    const calls = await sandbox.control<CallSeen[]>('GET', 'calls');
    tellCalls(calls, say);
    tellEach(before, await callsOf(gateways), say);
    tellRefusals(calls, refusing, say);
    tell(asked, latenessOf(ended), say);
  });
}

/** One after the other, so that the later ones find the key that the first has made. */
async function startGateways(count: number, storage: Storage, ending: Ending): Promise<BenchGateway[]> {
  const gateways: BenchGateway[] = [];
  for (let number = 0; number < count; number += 1) {
    const gateway = await startBenchGateway(storage);
    ending.add(() => gateway.end());
    gateways.push(gateway);
  }
  return gateways;
}

/** The gateway of a client. */
function nth(gateways: readonly BenchGateway[], number: number): BenchGateway {
  const gateway = gateways[number % gateways.length];
  if (gateway === undefined) throw new Error('There is no gateway.');
  return gateway;
}

function tell({ tookMs, failures }: Asked, lateMs: readonly number[], say: Say): void {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const took = (share: number): string => percentile(sorted, share).toFixed(0);
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  for (const [code, count] of failures) say(`storm: failed with ${code}: ${String(count)}`);
  say(`storm: answers p50 ${took(0.5)} ms, p99 ${took(0.99)} ms, max ${took(1)} ms`);
  const late = (share: number): string => String(percentile(lateMs, share));
  say(`storm: revokes p50 ${late(0.5)} ms, max ${late(1)} ms late`);
  say(`storm: failed ${String(failed)} of ${String(tookMs.length)}, revokes p99 ${late(0.99)} ms late`);
}
