import { GatehouseError } from '../errors.ts';
import { createReuse } from './reuse.ts';
import type { Reuse } from './reuse.ts';
import { createLoaders } from '../loaders/loaders.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { Caller, Context, Services } from './services.ts';

/** What one request's resolvers work with. Its loaders are made on first use and live as long as the request. */
export function createContext(options: { services: Services; caller: Caller }): Context {
  const { services, caller } = options;
  const made = new Map<string, Promise<Loaders>>();
  const reuse = createReuse();
  return {
    caller,
    services,
    reuse,
    loaders(connectionId) {
      const known = made.get(connectionId) ?? loadersFor(services, connectionId, reuse);
      made.set(connectionId, known);
      return known;
    },
  };
}

async function loadersFor(services: Services, connectionId: string, reuse: Reuse): Promise<Loaders> {
  const connection = await services.connections.byId(connectionId);
  if (connection === null) {
    throw new GatehouseError(
      'BAD_USER_INPUT',
      'The connection of this id is gone. Ask for `connections` to see which there are.',
    );
  }
  const known = await services.connections.clientFor(connectionId);
  const client = known.forQueries((ageMs) => {
    reuse.saw(ageMs);
  });
  return createLoaders({ client, connection, grants: services.grants, instanceId: connection.instanceId });
}
