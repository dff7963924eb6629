import { findConnection, findConnectionByName, listConnections } from '../store/connections.ts';
import { connectionsRotating } from '../store/rotations.ts';
import { createClients } from './clients.ts';
import { remove } from './delete.ts';
import type { ConnectionsDeps } from './deps.ts';
import { createHealth } from './health.ts';
import { rotateHookSecret } from './hook-secret.ts';
import { rotateToken } from './rotate-token.ts';
import { toRecord } from './rows.ts';
import { save } from './save.ts';
import type { ConnectionsService } from './service.ts';
import { testConnection } from './test-connection.ts';
import { update } from './update.ts';

/** Connections to GitLabs: tested, saved with their tokens encrypted, and each with one kept client. */
export function createConnections(deps: ConnectionsDeps): ConnectionsService {
  const clients = createClients(deps, (connectionId) => {
    health.refused(connectionId);
  });
  const health = createHealth(deps, clients);

  return {
    list: async () => (await listConnections(deps.store.db)).map(toRecord),
    async byId(id) {
      const row = await findConnection(deps.store.db, id);
      return row && toRecord(row);
    },
    async byName(name) {
      const row = await findConnectionByName(deps.store.db, name);
      return row && toRecord(row);
    },
    test: (actor, input) => testConnection(deps, health, actor, input),
    save: (actor, input) => save(deps, actor, input),
    update: (actor, input) => update(deps, actor, input),
    async delete(actor, input) {
      const deleted = await remove(deps, actor, input);
      clients.drop(deleted.deletedId);
      return deleted;
    },
    rotateToken: (actor, input) => rotateToken(deps, health, actor, input),
    async start() {
      for (const connectionId of await connectionsRotating(deps.store.db)) health.refused(connectionId);
    },
    rotateHookSecret: (actor, input) => rotateHookSecret(deps, actor, input),
    clientFor: (connectionId) => clients.for(connectionId),
    forget: (instanceId, change) => {
      clients.forget(instanceId, change);
    },
    suspect: (connectionId) => health.suspect(connectionId),
    async close() {
      await health.settled();
      await clients.close();
    },
  };
}
