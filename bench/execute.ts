import { isDeepStrictEqual } from 'node:util';
import { Agent, request } from 'undici';
import { startChild } from './child.ts';
import { QUESTION, variablesOf } from './execute-world.ts';
import type { Sizes } from './execute-world.ts';
import { withEnding } from './workload.ts';
import type { Ending, Say } from './workload.ts';

export type Side = 'ours' | 'stock' | 'mercurius-jit';

/** Where a side listens, and the key that it asks for. */
export type Ready = { url: string; key: string | null };

export type ExecuteOptions = Sizes & { rounds: number; turnMs: number; profileDir: string | null };

const SIDES: readonly Side[] = ['mercurius-jit', 'stock', 'ours'];
/** Enough to keep one core busy all the time. */
const CLIENTS = 4;

type Contestant = Ready & { side: Side; answered: number; elapsedMs: number };

/**
 * The same question, asked again and again of three servers, each in a process of its own and with all records in memory: ours
 * whole (keys, limits, masking), Apollo as it comes, and Mercurius with its compiler. They take turns, so that what else the
 * machine does meets all alike. Throws when their answers differ.
 */
export async function execute(options: ExecuteOptions, say: Say): Promise<void> {
  await withEnding(async (ending) => {
    const contestants: Contestant[] = [];
    for (const side of SIDES)
      contestants.push({ ...(await start(side, options, ending)), side, answered: 0, elapsedMs: 0 });
    const agent = new Agent({ connections: CLIENTS, pipelining: 1 });
    ending.add(() => agent.close());
    const body = JSON.stringify({ query: QUESTION, variables: variablesOf(options) });
    await compareAnswers(contestants, { agent, body }, options);
    say(`execute: ${String(options.groups)} groups of ${String(options.members)} members, answers agree`);
    for (const contestant of contestants) await turn(contestant, { agent, body, turnMs: options.turnMs });
    for (let round = 0; round < options.rounds; round += 1) {
      const from = round % contestants.length;
      for (const contestant of [...contestants.slice(from), ...contestants.slice(0, from)]) {
        const { answered, elapsedMs } = await turn(contestant, { agent, body, turnMs: options.turnMs });
        contestant.answered += answered;
        contestant.elapsedMs += elapsedMs;
      }
      say(
        `round ${String(round + 1)}: ${contestants.map((one) => `${one.side} ${rateOf(one).toFixed(1)}`).join(', ')}`,
      );
    }
    tell(contestants, say);
  });
}

async function start(side: Side, { groups, members, profileDir }: ExecuteOptions, ending: Ending): Promise<Ready> {
  const child = await startChild({
    script: 'bench/execute-process.ts',
    nodeFlags:
      profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${side}.cpuprofile`],
    args: [JSON.stringify({ side, sizes: { groups, members } })],
    environment: { NODE_ENV: 'production' },
    ready: /^ready (.*)$/m,
  });
  ending.add(() => child.end());
  return JSON.parse(child.said[1] ?? '') as Ready;
}

type Load = { agent: Agent; body: string };

async function ask({ url, key }: Ready, { agent, body }: Load): Promise<string> {
  const answer = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new Error(`A server answered ${String(answer.statusCode)}: ${text.slice(0, 500)}`);
  return text;
}

/** Also of a question asked for the third time, when it has been compiled wherever it is. */
async function compareAnswers(contestants: readonly Contestant[], load: Load, sizes: Sizes): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    const texts = await Promise.all(contestants.map((one) => ask(one, load)));
    const rows = texts.map((text) => text.match(/"accessLevelValue":/g)?.length ?? 0);
    if (rows.some((count) => count !== sizes.groups * sizes.members))
      throw new Error(`A server answers ${rows.join(', ')} rows.`);
    const [first, ...others] = texts.map((text): unknown => JSON.parse(text));
    if (others.some((other) => !isDeepStrictEqual(other, first)))
      throw new Error('The servers do not answer the same.');
  }
}

async function turn(contestant: Contestant, { turnMs, ...load }: Load & { turnMs: number }) {
  const startedAtMs = performance.now();
  let answered = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - startedAtMs < turnMs) {
      await ask(contestant, load);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { answered, elapsedMs: performance.now() - startedAtMs };
}

function rateOf({ answered, elapsedMs }: Contestant): number {
  return (1_000 * answered) / elapsedMs;
}

function tell(contestants: readonly Contestant[], say: Say): void {
  const rates = new Map(contestants.map((one) => [one.side, rateOf(one)]));
  const of = (side: Side): number => rates.get(side) ?? Number.NaN;
  for (const [side, name] of [
    ['mercurius-jit', 'mercurius-jit'],
    ['stock', 'stock Apollo'],
  ] as const) {
    const [mine, theirs] = [of('ours').toFixed(1), of(side).toFixed(1)];
    say(`execute: ours ${mine} req/s, ${name} ${theirs} req/s, ratio ${(of('ours') / of(side)).toFixed(2)}`);
  }
}
