import { Gitlab } from '@gitbeaker/rest';
import { isDeepStrictEqual } from 'node:util';
import { startChild } from './child.ts';
import { connect, startBenchGateway } from './gateway.ts';
import type { BenchGateway } from './gateway.ts';
import { eachOf, openStorage, percentile, withEnding } from './workload.ts';
import type { Ending, Say } from './workload.ts';

/** `members` is how many a group has on average. */
export type MembersShape = { groups: number; members: number };
export type MembersReady = { url: string; token: string; paths: string[] };
export type MembersOptions = MembersShape & { latencyMs: number; rounds: number; profileDir: string | null };

const POOL = 10;
const CONNECTION = 'bench';

/** Who is in a group, as text: name, level and end, in order of the names. */
type Rosters = Map<string, string[]>;

type Side = { name: string; ask: () => Promise<Rosters>; calls: number[]; elapsedMs: number[] };

type GitLab = MembersReady & { calls(): Promise<number>; clearCalls(): Promise<unknown> };

async function startGitLab(options: MembersOptions, ending: Ending): Promise<GitLab> {
  const { groups, members } = options;
  const child = await startChild({
    script: 'bench/members-process.ts',
    args: [JSON.stringify({ groups, members })],
    ready: /^ready (.+)\n/m,
  });
  ending.add(() => child.end());
  const ready = JSON.parse(child.said[1] ?? '') as MembersReady;
  const control = async (method: string, what: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${ready.url}/sandbox/${what}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`The sandbox refuses ${what}: ${await response.text()}`);
    return response.json();
  };
  await control('POST', 'latency', { ms: options.latencyMs });
  return {
    ...ready,
    calls: async () => ((await control('GET', 'calls')) as unknown[]).length,
    clearCalls: () => control('DELETE', 'calls'),
  };
}

const rosterOf = (rows: { username: string; level: number; expiresAt: string | null }[]): string[] =>
  rows.map(({ username, level, expiresAt }) => `${username} ${String(level)} ${expiresAt ?? 'open'}`).sort();

type Listed = {
  fullPath: string;
  members: {
    nodes: { user: { username: string }; accessLevelValue: number; expiresAt: string | null }[];
    pageInfo: { hasNextPage: boolean };
  };
};

/** One query that names every group by its path. */
function askOurs(gateway: BenchGateway, paths: readonly string[]): () => Promise<Rosters> {
  const variables = Object.fromEntries(paths.map((path, index) => [`p${String(index)}`, path]));
  const names = Object.keys(variables);
  const document = `query Members(${names.map((name) => `$${name}: ID!`).join(' ')}) {
    connection(name: "${CONNECTION}") { ${names.map((name) => `${name}: group(fullPath: $${name}) { ...Roster }`).join(' ')} }
  }
  fragment Roster on Group {
    fullPath
    members(kinds: [DIRECT], first: 100) {
      nodes { user { username } accessLevelValue expiresAt }
      pageInfo { hasNextPage }
    }
  }`;
  return async () => {
    const { connection } = await gateway.query<{ connection: Record<string, Listed> }>(document, variables);
    return new Map(
      Object.values(connection).map(({ fullPath, members }) => {
        if (members.pageInfo.hasNextPage) throw new Error('A group has more than one page; ask for smaller groups.');
        const rows = members.nodes.map(({ user, accessLevelValue, expiresAt }) => ({
          username: user.username,
          level: accessLevelValue,
          expiresAt,
        }));
        return [fullPath, rosterOf(rows)];
      }),
    );
  };
}

/** The same with the client library that most use: one call for each group, so many at once. */
function askGitbeaker({ url, token, paths }: GitLab, atOnce: number): () => Promise<Rosters> {
  const api = new Gitlab({ host: url, token });
  return async () => {
    const rosters: Rosters = new Map();
    await eachOf(paths, atOnce, async (path) => {
      const rows = await api.GroupMembers.all(path, { perPage: 100 });
      rosters.set(
        path,
        rosterOf(
          rows.map(({ username, access_level: level, expires_at: expiresAt }) => ({
            username,
            level,
            expiresAt,
          })),
        ),
      );
    });
    return rosters;
  };
}

async function measure(side: Side, gitlab: GitLab, expected: Rosters | null): Promise<Rosters> {
  await gitlab.clearCalls();
  const startedAtMs = performance.now();
  const rosters = await side.ask();
  side.elapsedMs.push(performance.now() - startedAtMs);
  side.calls.push(await gitlab.calls());
  const inOrder = new Map([...rosters].sort(([a], [b]) => a.localeCompare(b)));
  if (expected !== null && !isDeepStrictEqual(inOrder, expected)) throw new Error(`${side.name} answers otherwise.`);
  return inOrder;
}

const median = (values: readonly number[]): number =>
  percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

/**
 * The direct members of many groups named by path, from a gateway that keeps no answers, beside the same question asked of the
 * same GitLab with @gitbeaker/rest. The sides take turns. Throws when they answer differently.
 */
export async function members(options: MembersOptions, say: Say): Promise<void> {
  await withEnding(async (ending) => {
    const gitlab = await startGitLab(options, ending);
    const storage = await openStorage({ store: 'embedded', profileDir: options.profileDir }, ending);
    const gateway = await startBenchGateway({ ...storage, environment: { READ_CACHE_TTL: 'off' } });
    ending.add(() => gateway.end());
    await connect(gateway, { name: CONNECTION, baseUrl: gitlab.url, token: gitlab.token });
    const side = (name: string, ask: Side['ask']): Side => ({ name, ask, calls: [], elapsedMs: [] });
    const ours = side('ours', askOurs(gateway, gitlab.paths));
    const loop = side('gitbeaker in a loop', askGitbeaker(gitlab, 1));
    const pool = side(`gitbeaker pool of ${String(POOL)}`, askGitbeaker(gitlab, POOL));
    const expected = await measure(loop, gitlab, null);
    const rows = [...expected.values()].reduce((sum, roster) => sum + roster.length, 0);
    say(
      `members: ${String(gitlab.paths.length)} groups, ${String(rows)} rows, GitLab at ${String(options.latencyMs)} ms`,
    );
    for (let round = 0; round < options.rounds; round += 1) {
      for (const one of [ours, pool]) await measure(one, gitlab, expected);
    }
    await measure(loop, gitlab, expected);
    say(
      `answers agree; ours at first ${String(Math.round(ours.elapsedMs[0] ?? 0))} ms, ${String(ours.calls[0])} calls`,
    );
    for (const one of [ours, loop, pool]) say(`${one.name}: ${String(median(one.calls))} calls`);
    tell(ours, loop, say);
    tell(ours, pool, say);
  });
}

function tell(ours: Side, peer: Side, say: Say): void {
  const [own, theirs] = [median(ours.elapsedMs), median(peer.elapsedMs)];
  const ratio = (theirs / own).toFixed(2);
  say(`members: ours ${String(Math.round(own))} ms, ${peer.name} ${String(Math.round(theirs))} ms, ratio ${ratio}`);
}
