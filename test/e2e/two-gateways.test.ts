import { spawn } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GROUPS, USERS } from '../../sandbox/seed/index.ts';
import { queryAt, startGateway } from '../support/gateway.ts';
import type { Beside, Gateway, GatewayAnswer } from '../support/gateway.ts';

const MINUTE_MS = 60_000;
const LATENCY_MS = 50;
const MANY = 10_000;
/** Two gateways share 32 calls at once. */
const MOST_AT_ONCE = 32;

type Seen = { connection: { groups: { nodes: unknown[] } | null } };
type Revoked = { revokeAccess: { verifiedAt: string | null; userErrors: { message: string }[] } };

/** One call of GitLab's list of groups, which it shows 200 times a minute; each `word` is another question. */
const askGroups = (at: Pick<Gateway, 'query'>, word: string): Promise<GatewayAnswer<Seen>> =>
  at.query<Seen>(
    'query Groups($word: String) { connection(name: "sandbox") { groups(search: $word, first: 1) { nodes { name } } } }',
    { word },
  );

/** One call of GitLab's GraphQL, whose limit nobody knows before it is refused. */
const askProject = (at: Pick<Gateway, 'query'>): Promise<GatewayAnswer<unknown>> =>
  at.query('query { connection(name: "sandbox") { project(fullPath: "no/such") { id } } }');

const none = (): never => {
  throw new Error('There is no such group.');
};

const codesOf = (answers: readonly GatewayAnswer<unknown>[]): string[] =>
  answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code));

describe('two gateways on one PostgreSQL', () => {
  let first: Gateway;
  let second: Beside;
  let connectionId = '';

  beforeAll(async () => {
    first = await startGateway({ store: 'postgres', sandbox: { size: 'small' } });
    connectionId = await first.connect();
    second = await first.another();
  }, 120_000);

  afterAll(async () => {
    await second.close();
    await first.close();
  }, 60_000);

  const both = (): Pick<Gateway, 'query'>[] => [first, second];
  const refused = () => first.sandbox.calls().filter(({ status }) => status === 429);
  /** When each was answered, by GitLab's clock, oldest first. */
  const timesOf = (calls: readonly { at: string }[]) => calls.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);

  async function toMinute(): Promise<void> {
    await first.advance(MINUTE_MS - (first.sandbox.clock.now() % MINUTE_MS) + 2_000);
  }

  /** Waits for what the gateways do by themselves, a real moment later. */
  async function until(what: string, so: () => boolean | Promise<boolean>): Promise<void> {
    const endsAtMs = performance.now() + 30_000;
    while (!(await so())) {
      if (performance.now() > endsAtMs) throw new Error(`It did not come about that ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  beforeEach(async () => {
    first.sandbox.clearFaults();
    first.sandbox.setLatency(0);
    first.sandbox.settings({ throttle: null });
    // Past whatever a test before has left shut.
    await first.advance(3 * MINUTE_MS);
    await toMinute();
    first.clearCalls();
  });

  it('what GitLab refuses to one, the other does not ask, also when it did nothing for a while', async () => {
    first.sandbox.fault({ kind: '429-throttle', retryAfterSeconds: 50, times: 1 });
    expect(codesOf([await askGroups(first, 'probe')])).toEqual(['UPSTREAM_RATE_LIMITED']);
    first.clearCalls();
    const answers = await Promise.all([
      askProject(second),
      ...both().flatMap((at) => ['a', 'b', 'c', 'd'].map((word) => askGroups(at, word))),
    ]);
    expect(codesOf(answers)).toEqual(Array.from({ length: 9 }, () => 'UPSTREAM_RATE_LIMITED'));
    expect(first.calls()).toBe(0);
    await first.advance(52_000);
    expect(codesOf(await Promise.all(both().map((at) => askGroups(at, 'open again'))))).toEqual([]);
  }, 60_000);

  it('stay within one limit together: all calls of a window are let pass but the one by which each of them finds the limit', async () => {
    let refusedInAll = 0;
    for (const window of ['first', 'second', 'third']) {
      await toMinute();
      first.clearCalls();
      const words = Array.from({ length: 130 }, (_, number) => `${window} ${String(number)}`);
      const answers = await Promise.all(words.flatMap((word) => both().map((at) => askGroups(at, word))));
      expect(new Set(codesOf(answers))).toEqual(new Set(['UPSTREAM_RATE_LIMITED']));
      expect(refused().length).toBeLessThanOrEqual(1);
      refusedInAll += refused().length;
      const passed = first.calls() - refused().length;
      expect(passed).toBeGreaterThan(150);
      expect(passed).toBeLessThanOrEqual(200);
    }
    expect(refusedInAll).toBeLessThanOrEqual(2);
  }, 120_000);

  it('a revoke goes before the queries that wait, on each of them', async () => {
    const username = USERS.niaj;
    const userId = [...first.sandbox.world.users.values()].find((user) => user.username === username)?.id ?? 0;
    const { id: sourceId, fullPath: group } =
      [...first.sandbox.world.groups.values()].find((one) => one.fullPath === GROUPS.payments) ?? none();
    for (const at of both()) {
      await toMinute();
      first.sandbox.edit({ action: 'addMember', sourceKind: 'Group', sourceId, userId, set: { accessLevel: 30 } });
      first.sandbox.setLatency(10 * LATENCY_MS);
      first.clearCalls();
      let answered = 0;
      const waiting = Array.from({ length: 120 }, async (_, number) => {
        await askGroups(at, `word ${String(number)}`);
        answered += 1;
      });
      await until('queries are under way', () => first.calls() > 0);
      const { data, errors } = await at.query<Revoked>(
        `mutation Revoke($input: RevokeAccessInput!) {
          revokeAccess(input: $input) { verifiedAt userErrors { message } } }`,
        { input: { access: { membership: { connectionId, user: { username }, target: { group } } }, reason: 'gone' } },
      );
      expect({ errors, userErrors: data.revokeAccess.userErrors }).toEqual({ errors: [], userErrors: [] });
      expect(data.revokeAccess.verifiedAt).not.toBeNull();
      expect(answered).toBeLessThan(100);
      await Promise.all(waiting);
      first.sandbox.setLatency(0);
    }
  }, 120_000);

  it.each([
    ['of everything', { kind: '429-throttle' } as const, 4],
    ['of one route', { kind: '429-app', path: '^/api/v4/groups' } as const, 2],
  ])(
    'when a refusal %s is over, calls begin again with few, and GitLab sees no wave',
    async (_what, fault, atFirst) => {
      const ask = (words: readonly number[]) =>
        words.flatMap((number) => both().map((at) => askGroups(at, `word ${String(number)}`)));
      first.sandbox.setLatency(LATENCY_MS);
      // The budgets grow until it is refused.
      expect(codesOf(await Promise.all(ask(Array.from({ length: 15 }, (_, number) => number))))).toEqual([]);
      first.sandbox.fault({ ...fault, retryAfterSeconds: 2, times: MANY });
      const waiting = ask(Array.from({ length: 50 }, (_, number) => 100 + number));
      await until('GitLab has refused', () => refused().length > 0);
      const shutAtMs = Math.min(...timesOf(refused()));
      await until('each has heard of it', () => first.sandbox.clock.now() > shutAtMs + 1_200);
      first.sandbox.clearFaults();
      const together = refused().length;
      expect(codesOf(await Promise.all(waiting))).toEqual([]);
      const open = timesOf(first.sandbox.calls()).filter((atMs) => atMs > shutAtMs + 1_500);
      const within = (ms: number): number => open.filter((atMs) => atMs < (open[0] ?? 0) + ms).length;
      expect(open.length).toBeGreaterThan(60);
      // Each answer lets one more begin, so that of the first round trip there are few, and of the second twice as many at most.
      expect(within(LATENCY_MS)).toBeLessThanOrEqual(atFirst);
      expect(within(2 * LATENCY_MS)).toBeLessThanOrEqual(3 * atFirst);
      // Those that were on their way together were refused together, and none since.
      expect(together).toBeLessThanOrEqual(MOST_AT_ONCE);
      expect(refused()).toHaveLength(together);
    },
    60_000,
  );
});

it('a gateway that is killed leaves its part of the calls to the other: at once what it never took, the rest when the window turns', async () => {
  const first = await startGateway({ store: 'postgres' });
  await first.connect();
  const killed = spawn(process.execPath, ['src/main.ts'], {
    env: { PATH: process.env['PATH'], ...first.environment() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await new Promise<string>((resolve) => {
      let output = '';
      killed.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /answers at (\S+)\/graphql/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const third = { query: queryAt(() => url, first.adminKey) };
    const words = Array.from({ length: 40 }, (_, number) => `before ${String(number)}`);
    expect(codesOf(await Promise.all(words.map((word) => askGroups(third, word))))).toEqual([]);
  } finally {
    killed.kill('SIGKILL');
  }
  try {
    const ask = (count: number, word: string) =>
      Promise.all(Array.from({ length: count }, (_, number) => askGroups(first, `${word} ${String(number)}`)));
    expect(codesOf(await ask(100, 'at once'))).toEqual([]);
    await first.advance(MINUTE_MS - (first.sandbox.clock.now() % MINUTE_MS) + 2_000);
    expect(codesOf(await ask(170, 'in the next window'))).toEqual([]);
    expect(first.sandbox.calls().filter(({ status }) => status === 429)).toEqual([]);
  } finally {
    await first.close();
  }
}, 120_000);
