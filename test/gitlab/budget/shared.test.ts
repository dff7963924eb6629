import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import { createBudgets } from '../../../src/gitlab/budget/budgets.ts';
import type { Budgets } from '../../../src/gitlab/budget/budgets.ts';
import { GitLabError, createGitLabClientFactory } from '../../../src/gitlab/index.ts';
import type { GitLabClient } from '../../../src/gitlab/index.ts';
import { createCallLimits } from '../../../src/store/call-limits.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { freshDatabase } from '../../support/postgres.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { newConnection } from '../../store/new-connection.ts';

/** What a gateway process has of its own: a connection to the database, a budget and a client. */
type Process = { store: Store; client: GitLabClient; budgets: Budgets };

const MINUTE_MS = 60_000;

describe('two processes on one PostgreSQL', () => {
  let database: TestDatabase;
  let sandbox: Sandbox;
  let groupId = '';
  const processes: Process[] = [];
  let shiftMs = 0;
  const now = (): Date => new Date(Date.now() + shiftMs);

  /** Moves all clocks to five seconds after a minute has begun. */
  const toMinute = (): void => {
    const byMs = MINUTE_MS - (now().getTime() % MINUTE_MS) + 5_000;
    shiftMs += byMs;
    sandbox.advance(byMs);
  };

  async function start(owner: string, connectionId: string | null): Promise<string> {
    const store = await openStore({ dataDir: null, databaseUrl: database.url, clockShiftMs: () => shiftMs });
    const id = connectionId ?? (await newConnection(store));
    const budgets = createBudgets({ now, shared: createCallLimits(store.db, owner) });
    const create = createGitLabClientFactory({
      outbound: { allowPrivate: false, allowInsecure: true },
      now,
      budgets,
    });
    const client = create({ baseUrl: sandbox.url, token: sandbox.tokens.owner, connectionId: id });
    processes.push({ store, client, budgets });
    return id;
  }

  beforeAll(async () => {
    database = await freshDatabase();
    sandbox = await startSandbox({ size: 'tiny' });
    groupId = String([...sandbox.world.groups.keys()][0] ?? 0);
    const connectionId = await start('a', null);
    await start('b', connectionId);
  }, 120_000);

  afterAll(async () => {
    for (const { client, store } of processes) {
      await client.close();
      await store.close();
    }
    await sandbox.close();
    await database.drop();
  });

  /** Asks both for a list that GitLab shows 200 times a minute; tells how many were answered. */
  async function askBoth(times: number): Promise<{ answered: number; refusedByGitLab: number }> {
    sandbox.clearCalls();
    const source = { kind: 'group', id: groupId } as const;
    const query = { first: 1, after: null, search: null, userIds: null };
    const each = Array.from({ length: times / processes.length });
    const asked = processes.flatMap(({ client }) => each.map(() => client.allMembers(source, query)));
    const outcomes = await Promise.allSettled(asked);
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const error of failures) expect(error).toMatchObject({ code: 'RATE_LIMITED' });
    const refused = sandbox.calls().filter(({ status }) => status === 429);
    return { answered: times - failures.length, refusedByGitLab: refused.length };
  }

  it('stay within one limit together: GitLab refuses no more than the call of each that found out', async () => {
    toMinute();
    const first = await askBoth(260);
    expect(first.refusedByGitLab).toBeLessThanOrEqual(2);
    expect(first.answered).toBeGreaterThan(150);
    toMinute();
    const second = await askBoth(260);
    expect(second.refusedByGitLab).toBeLessThanOrEqual(1);
    expect(second.answered).toBeGreaterThan(150);
  }, 90_000);

  it('tell one another when GitLab is closed, so that the other does not run into it', async () => {
    toMinute();
    const [a, b] = processes;
    sandbox.clearCalls();
    sandbox.fault({ kind: '429-throttle', retryAfterSeconds: 50, times: 1 });
    await expect(a?.client.currentUser()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    let told: unknown = null;
    while (told === null)
      told = await b?.client.currentUser().then(
        () => null,
        (error: unknown) => error,
      );
    expect(told).toBeInstanceOf(GitLabError);
    expect(told).toMatchObject({ code: 'RATE_LIMITED' });
    expect(sandbox.calls().filter(({ status }) => status === 429)).toHaveLength(1);
    expect(b?.budgets.standing()).toMatchObject([{ shut: [{ kind: 'all' }] }]);
  }, 90_000);
});
