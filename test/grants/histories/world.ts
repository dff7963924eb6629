import { randomBytes } from 'node:crypto';
import { createGrants } from '../../../src/grants/index.ts';
import type { Grants } from '../../../src/grants/index.ts';
import { DEFAULT_GRANT_SETTINGS } from '../../../src/grants/settings.ts';
import { insertConnection } from '../../../src/store/connections.ts';
import { upsertInstance } from '../../../src/store/instances.ts';
import type { Store } from '../../../src/store/store.ts';
import { Crash, GATEWAY_USER, createFakeGitLab } from './fake-gitlab.ts';
import type { FakeGitLab, Promotions } from './fake-gitlab.ts';

/** The caller gets no answer in time; what was stored goes on by itself. */
class NoAnswer extends Error {}

/** Longer than the pause after a write that GitLab compared with an older row; who waits for longer is not answered. */
const LONGEST_SLEEP_MS = 1_000;
const ANSWER_POLL_MS = 100;

export type HistoryWorld = {
  gitlab: FakeGitLab;
  /** Those of the process that lives now. */
  grants(): Grants;
  connectionId: string;
  instanceId: string;
  /** Moves the clock, lets GitLab's nightly job run, and does what became due. A crash ends the run, as it would the process. */
  pass(ms: number): Promise<void>;
  /** Runs a request; the answer, or null where there was none: a crash, a refusal, or none in time. */
  ask<T>(work: (grants: Grants) => Promise<T>): Promise<T | null>;
  /** Runs two requests at the same time, each in a process of its own. */
  race(one: (grants: Grants) => Promise<unknown>, other: (grants: Grants) => Promise<unknown>): Promise<void>;
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The store as one process has it: nothing is stored, and no lease given back, once the process is dead. */
function mortal(store: Store, dead: () => boolean): Store {
  const living = (): void => {
    if (dead()) throw new Crash('dead');
  };
  return {
    ...store,
    get db() {
      living();
      return store.db;
    },
    clock: {
      now: async () => {
        living();
        return store.clock.now();
      },
    },
    transaction: async (work) => {
      living();
      return store.transaction(work);
    },
  };
}

/** The JIT domain on a real store, before a GitLab in memory, with no queue: looks are made by hand. */
export async function createHistoryWorld(
  store: Store,
  clock: { shiftMs: number },
  promotions: Promotions,
): Promise<HistoryWorld> {
  const gitlab = createFakeGitLab(() => new Date(Date.now() + clock.shiftMs), promotions);
  const connectionId = await store.transaction(async (tx) => {
    const now = new Date();
    const name = randomBytes(6).toString('hex');
    const instance = await upsertInstance(tx, now, `https://${name}.example.com`);
    const connection = await insertConnection(tx, now, {
      name,
      instanceId: instance.id,
      baseUrl: `https://${name}.example.com`,
      status: 'CONNECTED',
      statusReason: null,
      gitlabUserId: GATEWAY_USER,
      username: 'jit-bot',
      userName: 'JIT Bot',
      identityKind: 'SERVICE_ACCOUNT',
      isAdmin: false,
      tokenJwe: 'sealed',
      tokenInfo: {},
      version: '18.9.0',
      enterprise: true,
      report: {},
    });
    return connection?.id ?? '';
  });
  const { instanceId } = await store.db
    .selectFrom('connections')
    .select('instance_id as instanceId')
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const instance = { enterprise: true, gitlabDotCom: false };
  const connection = { id: connectionId, instanceId, status: 'CONNECTED', statusReason: null, instance };

  let lives = 0;
  const start = (): Grants => {
    lives += 1;
    const owner = `history-${String(lives)}`;
    let died = false;
    return createGrants({
      // Who once died stays dead, though others are started.
      store: mortal(store, () => (died ||= gitlab.dead)),
      jobs: { lookAt: () => Promise.resolve(), start: () => Promise.resolve(), stop: () => Promise.resolve() },
      settings: { ...DEFAULT_GRANT_SETTINGS },
      clientFor: () => Promise.resolve(gitlab.client),
      connection: () => Promise.resolve(connection),
      suspect: () => Promise.resolve(),
      owner,
      log: silent,
      sleep: (ms) => {
        if (ms === ANSWER_POLL_MS || ms > LONGEST_SLEEP_MS) return Promise.reject(new NoAnswer('late'));
        clock.shiftMs += ms;
        return Promise.resolve();
      },
    });
  };
  let grants = start();

  const outcome = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof Crash || error instanceof NoAnswer) return null;
      if (error instanceof Error && (error.name === 'Refusal' || error.name === 'GitLabError')) return null;
      if (error instanceof Error && 'userErrors' in error) return null;
      throw error;
    }
  };
  /** Who died is started again; what it held it holds on to until its lease is over. */
  const revive = (): void => {
    if (!gitlab.dead) return;
    gitlab.dead = false;
    grants = start();
  };
  const survived = async <T>(work: (grants: Grants) => Promise<T>): Promise<T | null> => {
    const answer = await outcome(work(grants));
    revive();
    return answer;
  };
  return {
    gitlab,
    grants: () => grants,
    connectionId,
    instanceId,
    ask: survived,
    async race(one, other) {
      await Promise.all([outcome(one(grants)), outcome(other(start()))]);
      revive();
    },
    async pass(ms) {
      // GitLab ends a request within a minute, so what hangs is done before much time passes.
      gitlab.land();
      clock.shiftMs += ms;
      gitlab.purge();
      await survived(({ reconciler }) => reconciler.sweep());
    },
  };
}
