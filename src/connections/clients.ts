import { GatehouseError } from '../errors.ts';
import type { GitLabClient } from '../gitlab/client.ts';
import type { GitLabChange } from '../gitlab/read-cache.ts';
import { findConnection } from '../store/connections.ts';
import type { ConnectionRow } from '../store/connections.ts';
import type { ConnectionsDeps } from './deps.ts';

const RETIRE_MS = 60_000;

/** The kept clients, one for each connection. */
export type Clients = {
  /** The client for the connection as it is stored now, whichever process changed it last. Throws when it is gone. */
  for(connectionId: string): Promise<GitLabClient>;
  /** Lets go of the connection's client once its calls have had time to end. */
  drop(connectionId: string): void;
  /** Lets the clients of the instance forget what queries were told before the change. */
  forget(instanceId: string, change: GitLabChange): void;
  /** Closes all at once. */
  close(): Promise<void>;
};

type Kept = { tokenJwe: string; baseUrl: string; instanceId: string; client: Promise<GitLabClient> };

/**
 * A sealed token is different each time it is sealed, so it serves as the mark of a change: a row with another one, or another
 * address, gets a new client, and a change of anything else keeps the pool. `onRefused` is told of every refusal that a client meets.
 */
export function createClients(deps: ConnectionsDeps, onRefused: (connectionId: string) => void): Clients {
  const kept = new Map<string, Kept>();
  const retired = new Map<NodeJS.Timeout, GitLabClient>();

  function retire(one: Kept): void {
    one.client.then(
      (client) => {
        const timer = setTimeout(() => {
          retired.delete(timer);
          void client.close();
        }, deps.retireMs ?? RETIRE_MS);
        timer.unref();
        retired.set(timer, client);
      },
      // A client that could not be made has nothing to close; whoever asked for it was told.
      () => undefined,
    );
  }

  function drop(connectionId: string): void {
    const one = kept.get(connectionId);
    kept.delete(connectionId);
    if (one) {
      retire(one);
    }
  }

  function keep(row: ConnectionRow): Promise<GitLabClient> {
    const one: Kept = {
      tokenJwe: row.tokenJwe,
      baseUrl: row.baseUrl,
      instanceId: row.instanceId,
      client: makeClient(deps, row, () => {
        onRefused(row.id);
      }),
    };
    kept.set(row.id, one);
    one.client.catch(() => {
      if (kept.get(row.id) === one) {
        kept.delete(row.id);
      }
    });
    return one.client;
  }

  return {
    async for(connectionId) {
      const row = await findConnection(deps.store.db, connectionId);
      if (!row) {
        drop(connectionId);
        throw new GatehouseError('BAD_USER_INPUT', 'This connection no longer exists.');
      }
      const one = kept.get(connectionId);
      if (one?.tokenJwe === row.tokenJwe && one.baseUrl === row.baseUrl) {
        one.instanceId = row.instanceId;
        return one.client;
      }
      drop(connectionId);
      return keep(row);
    },

    drop,

    forget(instanceId, change) {
      for (const one of kept.values()) {
        if (one.instanceId !== instanceId) continue;
        one.client.then(
          (client) => {
            client.forget(change);
          },
          // A client that could not be made was told nothing.
          () => undefined,
        );
      }
    },

    async close() {
      const open = [...retired.values()];
      for (const timer of retired.keys()) {
        clearTimeout(timer);
      }
      retired.clear();
      const current = await Promise.allSettled([...kept.values()].map((one) => one.client));
      kept.clear();
      open.push(...current.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
      await Promise.all(open.map((client) => client.close()));
    },
  };
}

async function makeClient(deps: ConnectionsDeps, row: ConnectionRow, onRefused: () => void): Promise<GitLabClient> {
  const token = await deps.secrets.decrypt(row.tokenJwe, { baseUrl: row.baseUrl });
  return deps.clientFactory({ baseUrl: row.baseUrl, token, connectionId: row.id, onRefused });
}
