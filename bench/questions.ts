import type { StateEdit } from '../sandbox/control/edits.ts';
import { applyEdit } from '../sandbox/control/state.ts';
import { createClock, createWorld, defaultSettings } from '../sandbox/model/index.ts';
import type { World } from '../sandbox/model/index.ts';
import { TOKENS, seedWorld } from '../sandbox/seed/index.ts';
import type { SeedSize } from '../sandbox/seed/index.ts';
import { createChance } from '../sandbox/seed/prng.ts';
import { startChild } from './child.ts';
import { connect, startBenchGateway } from './gateway.ts';
import type { BenchGateway } from './gateway.ts';
import { liveGitLab } from './live.ts';
import type { Live } from './live.ts';
import { QUESTIONS, WHOLE } from './question-set.ts';
import { numbersBelow, openStorage, percentile, until, withEnding } from './workload.ts';
import type { Say, StoreName } from './workload.ts';

const SEED = 1;
const LATENCY_MS = 20;
const DAY_MS = 86_400_000;
const EXPIRING_DAYS = 30;
const EDITS_AT_ONCE = 1_000;

export type QuestionsOptions = {
  store: StoreName;
  size: SeedSize;
  /** Of each question, ours. */
  samples: number;
  /** Of each question that GitLab can be asked live. */
  liveSamples: number;
  profileDir: string | null;
};

/**
 * Asks every question over an extraction through GraphQL over HTTP, one after the other, and those that GitLab can answer too of
 * GitLab itself, `LATENCY_MS` away, with ten calls in flight. These answers are read to the end and compared in full, and the
 * last line holds the median of ours against the median of GitLab's.
 */
export async function questions(options: QuestionsOptions, say: Say): Promise<void> {
  await withEnding(async (ending) => {
    const { store, size } = options;
    const sandbox = await startSeededSandbox(size);
    ending.add(() => sandbox.end());
    const storage = await openStorage(options, ending);
    const gateway = await startBenchGateway(storage);
    ending.add(() => gateway.end());
    const world = worldAsSeeded(size);
    await extractTwice(gateway, sandbox, world);
    const { groups, projects, users } = world;
    say(
      `${store}: extracted twice: ${[groups, projects, users].map((one) => String(one.size)).join(', ')} groups, projects, people`,
    );
    const all = await measure(gateway, world, options, say);
    await sandbox.control('latency', { ms: LATENCY_MS });
    say(`  all ten: p50 ${percentile(all, 0.5).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms`);
    const { ours, live } = await compare(gateway, liveGitLab(sandbox.url, TOKENS.admin), world, options, say);
    const [oursMs, liveMs] = [percentile(ours, 0.5), percentile(live, 0.5)];
    say(
      `questions: ours ${oursMs.toFixed(1)} ms, GitLab live ${liveMs.toFixed(1)} ms, ratio ${(liveMs / oursMs).toFixed(1)}`,
    );
  });
}

type SeededSandbox = { url: string; control(what: string, body: object): Promise<void>; end(): Promise<void> };

async function startSeededSandbox(size: SeedSize): Promise<SeededSandbox> {
  const child = await startChild({
    script: 'sandbox/main.ts',
    args: ['--port', '0', '--size', size, '--seed', String(SEED)],
    ready: /running at (\S+)\n[\s\S]*controls/,
  });
  const url = child.said[1] ?? '';
  const control = async (what: string, body: object): Promise<void> => {
    const response = await fetch(`${url}/sandbox/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    if (!response.ok) throw new Error(`The sandbox refuses ${what}: ${await response.text()}`);
    await response.body?.cancel();
  };
  await control('settings', { rateLimits: false });
  return { url, control, end: () => child.end() };
}

/** The same organisation as the sandbox's, in this process. */
function worldAsSeeded(size: SeedSize): World {
  const world = createWorld({ clock: createClock(() => Date.now()), settings: defaultSettings() });
  seedWorld(world, { size, seed: SEED });
  world.settings.authorizationDelayMs = 0;
  return world;
}

/** Two extractions; between them one membership in a hundred goes and one changes, in GitLab and in `world` alike. */
async function extractTwice(gateway: BenchGateway, sandbox: SeededSandbox, world: World): Promise<void> {
  const chance = createChance(SEED);
  const connectionId = await connect(gateway, { name: 'bench', baseUrl: sandbox.url, token: TOKENS.admin });
  const edit = async (edits: StateEdit[]): Promise<void> => {
    for (let from = 0; from < edits.length; from += EDITS_AT_ONCE) {
      await sandbox.control('state', edits.slice(from, from + EDITS_AT_ONCE));
    }
    for (const one of edits) applyEdit(world, one);
  };
  const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
  await edit(
    [...world.users.keys()].map((id) => ({
      action: 'setUser',
      id,
      set: { lastActivityOn: daysAgo(chance.between(0, 500)) },
    })),
  );
  await extract(gateway, connectionId);
  const rows = [...world.members.values()].filter(({ requestedAt }) => requestedAt === null);
  await edit(
    rows.flatMap(({ sourceKind, sourceId, userId, accessLevel }, index): StateEdit[] => {
      const key = { sourceKind, sourceId, userId };
      if (index % 100 === 0) return [{ action: 'removeMember', ...key }];
      if (index % 100 !== 50) return [];
      return [{ action: 'setMember', ...key, set: { accessLevel: accessLevel === 30 ? 20 : 30 } }];
    }),
  );
  await sandbox.control('state', [{ action: 'settleAuthorizations' }]);
  await extract(gateway, connectionId);
}

async function extract(gateway: BenchGateway, connectionId: string): Promise<void> {
  type Started = { startExtraction: { extraction: { id: string } | null } };
  const { startExtraction } = await gateway.query<Started>(
    `mutation ($input: StartExtractionInput!) {
      startExtraction(input: $input) { extraction { id } userErrors { message } } }`,
    { input: { connectionId, mode: 'FULL' } },
  );
  const id = startExtraction.extraction?.id;
  const stateOf = async () => {
    type Seen = { node: { status: string; problem: string | null; unknownSources: { totalCount: number } } };
    const document = `query ($id: ID!) {
      node(id: $id) { ... on Extraction { status problem unknownSources(first: 1) { totalCount } } } }`;
    return (await gateway.query<Seen>(document, { id })).node;
  };
  await until('the extraction is over', { everyMs: 200, withinMs: 600_000 }, async () => {
    return (await stateOf()).status !== 'RUNNING';
  });
  const { status, problem, unknownSources } = await stateOf();
  if (status === 'DONE' && unknownSources.totalCount === 0) return;
  throw new Error(`The extraction is ${status} (${problem ?? 'no problem'}) or did not read everything.`);
}

/** Milliseconds of every answer, sorted. The first of each question warms up and is not counted. */
async function measure(
  gateway: BenchGateway,
  world: World,
  { samples }: QuestionsOptions,
  say: Say,
): Promise<number[]> {
  const all: number[] = [];
  for (const { name, ask } of QUESTIONS) {
    const chance = createChance(SEED);
    const taken: number[] = [];
    for (const number of numbersBelow(samples + 1)) {
      const { document, variables } = ask(world, chance);
      const startedAtMs = performance.now();
      await gateway.query(document, variables);
      if (number > 0) taken.push(performance.now() - startedAtMs);
    }
    taken.sort((a, b) => a - b);
    say(`  ${name}: p50 ${percentile(taken, 0.5).toFixed(1)} ms, p99 ${percentile(taken, 0.99).toFixed(1)} ms`);
    all.push(...taken);
  }
  return all.sort((a, b) => a - b);
}

/** Milliseconds of whole answers to the same questions, ours and GitLab's, sorted. Throws where one is not the same as the other. */
async function compare(
  gateway: BenchGateway,
  live: Live,
  world: World,
  { liveSamples }: QuestionsOptions,
  say: Say,
): Promise<{ ours: number[]; live: number[] }> {
  const all = { ours: [] as number[], live: [] as number[] };
  for (const { name, ask } of pairsOf(gateway, live, world)) {
    const chance = createChance(SEED);
    const taken = { ours: [] as number[], live: [] as number[] };
    const callsBefore = live.calls();
    for (const number of numbersBelow(liveSamples)) {
      const { ours, theirs } = ask(chance);
      const [theirAnswer, theirMs] = await timed(theirs);
      const [ourAnswer, ourMs] = await timed(ours);
      taken.live.push(theirMs);
      taken.ours.push(ourMs);
      if (!isSame(ourAnswer, theirAnswer))
        throw new Error(`${name}, sample ${String(number)}: GitLab answers otherwise.`);
    }
    const p50 = (each: readonly number[]): string => percentile(sorted(each), 0.5).toFixed(1);
    const calls = (live.calls() - callsBefore) / liveSamples;
    say(
      `  ${name}: ours p50 ${p50(taken.ours)} ms, GitLab live p50 ${p50(taken.live)} ms in ${calls.toFixed(1)} calls; same answers`,
    );
    all.ours.push(...taken.ours);
    all.live.push(...taken.live);
  }
  return { ours: sorted(all.ours), live: sorted(all.live) };
}

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const startedAtMs = performance.now();
  const done = await work();
  return [done, performance.now() - startedAtMs];
}

type Answer = ReadonlyMap<string, number>;
type Pair = { ours: () => Promise<Answer>; theirs: () => Promise<Answer> };

function pairsOf(
  gateway: BenchGateway,
  live: Live,
  world: World,
): { name: string; ask: (chance: ReturnType<typeof createChance>) => Pair }[] {
  const untilDay = new Date(Date.now() + EXPIRING_DAYS * DAY_MS).toISOString().slice(0, 10);
  const source = (kind: 'group' | 'project', { id, fullPath }: { id: number; fullPath: string }): Pair => ({
    ours: () => whole(gateway, 'sourceReach', { source: { [kind]: fullPath } }, ({ user }) => user.gitlabId),
    theirs: () => live.sourceReach(kind, String(id)),
  });
  const placeOf = ({ source: { kind, gitlabId } }: Entry): string => `${kind.toLowerCase()} ${gitlabId}`;
  return [
    {
      name: 'what a person reaches',
      ask: (chance) => {
        const user = String(chance.pick([...world.users.keys()]));
        return { ours: () => whole(gateway, 'userReach', { user }, placeOf), theirs: () => live.userReach(user) };
      },
    },
    { name: 'who reaches a group', ask: (chance) => source('group', chance.pick([...world.groups.values()])) },
    { name: 'who reaches a project', ask: (chance) => source('project', chance.pick([...world.projects.values()])) },
    {
      name: 'memberships that end below one group',
      ask: (chance) => {
        const group = chance.pick([...world.groups.values()]);
        const asked = { days: EXPIRING_DAYS, source: { group: group.fullPath } };
        return {
          ours: () => whole(gateway, 'expiring', asked, (entry) => `${placeOf(entry)} ${entry.user.gitlabId}`),
          theirs: async () => {
            const rows = await live.expiringBelow(String(group.id), untilDay);
            return new Map([...rows].map((row) => [row, 0]));
          },
        };
      },
    },
  ];
}

type Entry = {
  user: { gitlabId: string };
  source: { kind: string; gitlabId: string };
  accessLevelValue?: number;
};
type Page = { nodes: Entry[]; pageInfo: { hasNextPage: boolean; endCursor: string } };

async function whole(
  gateway: BenchGateway,
  question: keyof typeof WHOLE,
  variables: Record<string, unknown>,
  keyOf: (entry: Entry) => string,
): Promise<Answer> {
  const found = new Map<string, number>();
  for (let after: string | null = null; ;) {
    type Answered = { connection: { insight: Record<string, Page | undefined> } };
    const { connection }: Answered = await gateway.query<Answered>(WHOLE[question], { ...variables, after });
    const page: Page | undefined = connection.insight[question];
    if (page === undefined) throw new Error(`There is no answer to ${question}.`);
    for (const entry of page.nodes) found.set(keyOf(entry), entry.accessLevelValue ?? 0);
    if (!page.pageInfo.hasNextPage) return found;
    after = page.pageInfo.endCursor;
  }
}

function isSame(a: Answer, b: Answer): boolean {
  return a.size === b.size && [...a].every(([key, level]) => b.get(key) === level);
}
