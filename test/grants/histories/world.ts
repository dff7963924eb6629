import { randomBytes } from 'node:crypto';
import { createGrants } from '../../../src/grants/index.ts';
import type { Grants } from '../../../src/grants/index.ts';
import { DEFAULT_GRANT_SETTINGS } from '../../../src/grants/settings.ts';
import { insertConnection } from '../../../src/store/connections.ts';
import { upsertInstance } from '../../../src/store/instances.ts';
import type { Store } from '../../../src/store/store.ts';
import { Crash, GATEWAY_USER, createFakeGitLab } from './fake-gitlab.ts';
import type { FakeGitLab } from './fake-gitlab.ts';

/** The caller gets no answer in time; what was stored goes on by itself. */
class NoAnswer extends Error {}

export type HistoryWorld = {
  gitlab: FakeGitLab;
  grants: Grants;
  connectionId: string;
  /** Moves the clock, lets GitLab's nightly job run, and does what became due. A crash ends the run, as it would the process. */
  pass(ms: number): Promise<void>;
  /** Runs a request; true when it was answered, whatever the answer. */
  ask(work: () => Promise<unknown>): Promise<boolean>;
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The JIT domain on a real store, before a GitLab in memory, with no queue: looks are made by hand. */
export async function createHistoryWorld(store: Store, clock: { shiftMs: number }): Promise<HistoryWorld> {
  const gitlab = createFakeGitLab(() => new Date(Date.now() + clock.shiftMs));
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
  const grants = createGrants({
    store,
    jobs: { lookAt: () => Promise.resolve(), start: () => Promise.resolve(), stop: () => Promise.resolve() },
    settings: { ...DEFAULT_GRANT_SETTINGS },
    clientFor: () => Promise.resolve(gitlab.client),
    connection: () =>
      Promise.resolve({
        id: connectionId,
        instanceId,
        status: 'CONNECTED',
        statusReason: null,
        instance: { enterprise: true, gitlabDotCom: false },
      }),
    suspect: () => Promise.resolve(),
    owner: 'history',
    log: silent,
    sleep: () => Promise.reject(new NoAnswer('late')),
  });
  const survived = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof Crash || error instanceof NoAnswer) return false;
      if (error instanceof Error && (error.name === 'Refusal' || error.name === 'GitLabError')) return true;
      if (error instanceof Error && 'userErrors' in error) return true;
      throw error;
    }
  };
  return {
    gitlab,
    grants,
    connectionId,
    ask: survived,
    async pass(ms) {
      clock.shiftMs += ms;
      gitlab.purge();
      await survived(() => grants.reconciler.sweep());
    },
  };
}
