import { sql } from 'kysely';
import { openStore } from '../src/store/open.ts';
import { startChild } from './child.ts';
import type { ExtractOrder } from './extract-sandbox.ts';
import { readWithGitbeaker } from './extract-peer.ts';
import { connect, startBenchGateway } from './gateway.ts';
import { peakMb, restPeak } from './memory.ts';
import type { BenchGateway, Storage } from './gateway.ts';
import { numbersBelow, openStorage, percentile, withEnding } from './workload.ts';
import type { Ending, Say, StoreName } from './workload.ts';

const TOKEN = 'glpat-sandbox-admin';
const LATENCY_MS = 20;
/** Asked no oftener than is needed to tell the time, since the gateway answers with the same processor. */
const POLL_MS = 20;
const WITHIN_MS = 150_000;

export type ExtractOptions = {
  store: StoreName;
  /** Organisations that only ours reads, before the one that both read. */
  sizes: readonly ('medium' | 'large')[];
  groups: number;
  projects: number;
  membersEach: number;
  people: number;
  /** How often each side reads it; the first is not counted. */
  rounds: number;
  profileDir: string | null;
};

type Sandbox = { url: string; control<T>(method: string, what: string, body?: object): Promise<T> };

async function startSandboxOf(order: ExtractOrder, ending: Ending): Promise<Sandbox> {
  const child = await startChild({
    script: 'bench/extract-sandbox.ts',
    args: [JSON.stringify(order)],
    ready: /^ready (\S+)\n/m,
  });
  ending.add(() => child.end());
  const url = child.said[1] ?? '';
  return {
    url,
    async control<T>(method: string, what: string, body?: object) {
      const response = await fetch(`${url}/sandbox/${what}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      if (!response.ok) throw new Error(`The sandbox refuses ${what}: ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}

type Seen = {
  status: string;
  calls: number;
  total: number;
  problem: string | null;
  unknownSources: { totalCount: number };
};
type Extraction = { id: string } & Seen;

/** Milliseconds from asking for an extraction until it is answered as DONE, and its calls. Throws when it read less than all. */
async function extractOnce(gateway: BenchGateway, connectionId: string): Promise<{ ms: number; calls: number }> {
  const startedAtMs = performance.now();
  const { startExtraction } = await gateway.query<{ startExtraction: { extraction: Extraction } }>(
    'mutation ($id: ID!) { startExtraction(input: { connectionId: $id }) { extraction { id } } }',
    { id: connectionId },
  );
  const asked = `query ($id: ID!) { node(id: $id) { ... on Extraction {
    status calls total problem unknownSources { totalCount } } } }`;
  for (;;) {
    const { node } = await gateway.query<{ node: Seen }>(asked, { id: startExtraction.extraction.id });
    const ms = performance.now() - startedAtMs;
    if (node.status === 'DONE' && node.unknownSources.totalCount === 0) return { ms, calls: node.calls };
    if (node.status !== 'RUNNING' || ms > WITHIN_MS) throw new Error(`The extraction is ${JSON.stringify(node)}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** What the store holds for the newest connection, as the peer's lines. */
async function storedLines(storage: Storage): Promise<string[]> {
  const store = await openStore({ ...storage, clockShiftMs: () => 0, asItIs: true });
  try {
    const holds = sql`connection_id = (select max(id) from connections) and to_run is null`;
    const { rows } = await sql<{ line: string }>`
      select concat('group ', gitlab_id, ' ', full_path, ' ', coalesce(parent_id::text, '-')) as line from xgroups where ${holds}
      union all select concat('project ', gitlab_id, ' ', full_path) from xprojects where ${holds}
      union all select concat('user ', gitlab_id, ' ', username, ' ', case state when 'ACTIVE' then state else 'OTHER' end)
        from xusers where ${holds}
      union all select concat('member ', source_kind, ' ', source_id, ' ', user_id, ' ', access_level, ' ',
        coalesce(expires_at::text, '-')) from xmembers where ${holds}
      union all select concat('share ', source_kind, ' ', source_id, ' ', group_id, ' ', max_level) from xshares where ${holds}
      union all select concat('token ', kind, ' ', gitlab_id, ' ', name) from xtokens where ${holds}`.execute(store.db);
    return rows.map(({ line }) => line).sort();
  } finally {
    await store.close();
  }
}

/** A gateway on a store that was made before: making one takes more memory than anything else ever does. */
async function startOnMadeStore(storage: Storage): Promise<BenchGateway> {
  await (await startBenchGateway({ ...storage, profileDir: null })).end();
  return startBenchGateway(storage);
}

/** One generated organisation, read once: calls, time and the gateway's peak memory are told. */
async function readOne(options: ExtractOptions, size: 'medium' | 'large', say: Say): Promise<void> {
  await withEnding(async (ending) => {
    const storage = await openStorage(options, ending);
    const sandbox = await startSandboxOf({ size }, ending);
    const gateway = await startOnMadeStore(storage);
    ending.add(() => gateway.end());
    const connectionId = await connect(gateway, { name: size, baseUrl: sandbox.url, token: TOKEN });
    const startMb = peakMb(gateway.pid);
    const idleMb = await restPeak(gateway.pid);
    await sandbox.control('POST', 'latency', { ms: LATENCY_MS });
    const { ms, calls } = await extractOnce(gateway, connectionId);
    const memory = `peak memory ${peakMb(gateway.pid).toFixed(0)} MB (${idleMb.toFixed(0)} MB before, ${startMb.toFixed(0)} MB at its start)`;
    say(`${options.store}, ${size}: ${String(calls)} calls, ${ms.toFixed(0)} ms, ${memory}`);
  });
}

const median = (values: readonly number[]): number =>
  percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

/**
 * Reads everything of a GitLab at 20 ms into the store, each time through a connection that has read nothing yet, and the same
 * with `@gitbeaker/rest` into memory. Facts are compared. What counts is the median after the first round.
 */
export async function extract(options: ExtractOptions, say: Say): Promise<void> {
  for (const size of options.sizes) await readOne(options, size, say);
  const { groups, projects, membersEach, people, rounds, store } = options;
  await withEnding(async (ending) => {
    const storage = await openStorage(options, ending);
    const sandbox = await startSandboxOf({ groups, projects, membersEach, people, special: 5 }, ending);
    const gateway = await startOnMadeStore(storage);
    let idleMb = Number.NaN;
    let isEnded = false;
    const end = async (): Promise<void> => {
      if (!isEnded) await gateway.end();
      isEnded = true;
    };
    ending.add(end);
    const [ours, peers]: { ms: number; calls: number }[][] = [[], []];
    let facts: string[] = [];
    for (const round of numbersBelow(rounds + 1)) {
      await sandbox.control('POST', 'latency', { ms: 0 });
      const connectionId = await connect(gateway, {
        name: `round ${String(round)}`,
        baseUrl: sandbox.url,
        token: TOKEN,
      });
      await sandbox.control('POST', 'latency', { ms: LATENCY_MS });
      const own = await extractOnce(gateway, connectionId);
      await sandbox.control('DELETE', 'calls');
      const startedAtMs = performance.now();
      facts = await readWithGitbeaker(sandbox.url, TOKEN);
      const peer = {
        ms: performance.now() - startedAtMs,
        calls: (await sandbox.control<unknown[]>('GET', 'calls')).length,
      };
      say(`${store}, round ${String(round)}: ours ${own.ms.toFixed(0)} ms, gitbeaker ${peer.ms.toFixed(0)} ms`);
      if (round === 0) {
        idleMb = await restPeak(gateway.pid);
        continue;
      }
      ours?.push(own);
      peers?.push(peer);
    }
    const peak = peakMb(gateway.pid);
    await end();
    compareFacts(await storedLines(storage), facts);
    const of = (side: readonly { ms: number; calls: number }[] = []) => ({
      ms: median(side.map(({ ms }) => ms)),
      calls: median(side.map(({ calls }) => calls)),
    });
    const [own, peer] = [of(ours), of(peers)];
    say(
      `${store}: ${String(facts.length)} facts agree, peak memory ${peak.toFixed(0)} MB (${idleMb.toFixed(0)} MB after round 0)`,
    );
    say(
      `extract: ours ${own.ms.toFixed(0)} ms, gitbeaker ${peer.ms.toFixed(0)} ms, ratio ${(peer.ms / own.ms).toFixed(2)} (calls: ours ${String(own.calls)}, gitbeaker ${String(peer.calls)})`,
    );
  });
}

function compareFacts(ours: readonly string[], peers: readonly string[]): void {
  const [own, other] = [new Set(ours), new Set(peers)];
  const missing = peers.filter((line) => !own.has(line));
  const extra = ours.filter((line) => !other.has(line));
  if (missing.length === 0 && extra.length === 0) return;
  throw new Error(
    `The facts differ: missing ${JSON.stringify(missing.slice(0, 5))}, not there ${JSON.stringify(extra.slice(0, 5))}.`,
  );
}
