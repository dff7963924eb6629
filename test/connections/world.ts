import { randomBytes, randomUUID } from 'node:crypto';
import { createConnections } from '../../src/connections/index.ts';
import { createSecrets } from '../../src/connections/secrets.ts';
import type { ConnectionsService, GrantsOnConnections, SaveInput } from '../../src/connections/service.ts';
import type { ConnectionRecord } from '../../src/connections/records.ts';
import { Refusal } from '../../src/errors.ts';
import type { UserError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import type { FakeClient, Script } from './fake-client.ts';
import { BASE_URL, fakeClient, healthy, refusal } from './fake-client.ts';

export const ACTOR = 'key:admin';
const currentKey = new Uint8Array(randomBytes(32));

export type World = {
  connections: ConnectionsService;
  /** What the GitLab behind a token answers; a token that is not here is unknown to it. */
  tokens: Map<string, Partial<Script>>;
  /** Every client that was made, in order, and how to tell of a refusal that the latest met. */
  made: FakeClient[];
  refuse(): void;
  logged: object[];
  grants: { calls: Parameters<GrantsOnConnections['endAll']>[]; endAll: GrantsOnConnections['endAll'] };
  /** A name and token that nobody else has. */
  input(changes?: Partial<SaveInput>): SaveInput;
  saved(changes?: Partial<SaveInput>): Promise<ConnectionRecord>;
};

/** The connections of one gateway process on `store`, before a GitLab of scripted answers. */
export function createWorld(store: Store): World {
  const tokens = new Map<string, Partial<Script>>();
  const made: FakeClient[] = [];
  let refuse = (): void => undefined;
  const logged: object[] = [];
  const grants: World['grants'] = { calls: [], endAll: () => Promise.resolve(0) };
  const connections = createConnections({
    store,
    secrets: createSecrets({ currentKey }),
    clientFactory: ({ baseUrl, token, onRefused }) => {
      refuse = () => onRefused?.();
      const client = fakeClient({
        ...healthy,
        ...(tokens.get(token) ?? { token: refusal('UNAUTHENTICATED') }),
        baseUrl,
      });
      made.push(client);
      return client;
    },
    grants: () => ({
      standing: () => Promise.resolve(0),
      endAll: (...order) => {
        grants.calls.push(order);
        return grants.endAll(...order);
      },
    }),
    log: { info: (fields: object) => logged.push(fields), warn: (fields: object) => logged.push(fields) },
    retireMs: 0,
  });

  const input: World['input'] = (changes = {}) => {
    const token = `glpat-sandbox-${randomUUID()}`;
    tokens.set(changes.token ?? token, tokens.get(changes.token ?? token) ?? {});
    return { name: `gitlab ${randomUUID()}`, baseUrl: BASE_URL, token, ...changes };
  };
  const saved: World['saved'] = async (changes) => {
    const { connection, result } = await connections.save(ACTOR, input(changes));
    if (!connection) {
      throw new Error(`Not saved: ${JSON.stringify(result?.report)}`);
    }
    return connection;
  };
  return {
    connections,
    tokens,
    made,
    refuse: () => {
      refuse();
    },
    logged,
    grants,
    input,
    saved,
  };
}

/** The user errors of a call that must be refused. */
export async function refused(work: Promise<unknown>): Promise<readonly UserError[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) {
      return error.userErrors;
    }
    throw error;
  }
  throw new Error('The call was not refused.');
}

/** A grant that stands on the connection, straight into the ledger; answers its id. */
export async function standingGrant(store: Store, connection: ConnectionRecord): Promise<string> {
  const now = await store.clock.now();
  const key = await store.db
    .insertInto('keys')
    .values({
      instance_id: connection.instanceId,
      source_kind: 'group',
      source_id: '5',
      user_id: String(Math.floor(Math.random() * 1e12) + 1),
      username: 'someone',
      source_path: 'acme',
      base: null,
      ours: null,
      intent: null,
      lease_owner: null,
      lease_until: null,
      look_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const grant = await store.db
    .insertInto('grants')
    .values({ key_id: key.id, connection_id: connection.id, access_level: 40, status: 'ACTIVE', ...emptyGrant(now) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return grant.id;
}

function emptyGrant(now: Date) {
  return {
    member_role_id: null,
    duration_ms: null,
    until_at: null,
    starts_at: null,
    reason: 'on call',
    ticket: null,
    requested_by: ACTOR,
    effect: null,
    satisfied_by: null,
    problem_code: null,
    problem_message: null,
    problem_since: null,
    next_attempt_at: null,
    requested_at: now,
    activated_at: null,
    due_at: null,
    ended_at: null,
    end_reason: null,
    verified_at: null,
    in_force_at: null,
    backstop: null,
    base: null,
  };
}

/** Waits, a moment at a time, until it is so; the test's own time-out says when it never is. */
export async function until(so: () => boolean): Promise<void> {
  while (!so()) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
