import { ApolloServer } from '@apollo/server';
import type { GrantsService } from '../../src/grants/service.ts';
import { createLog } from '../../src/log.ts';
import { createContext } from '../../src/resolvers/context.ts';
import { resolvers } from '../../src/resolvers/index.ts';
import type { Context, Services } from '../../src/resolvers/services.ts';
import { createFormatError } from '../../src/server/errors.ts';
import { readSdl } from '../../src/server/sdl.ts';
import { fakeConnection } from '../server/fake-connection.ts';
import { fakeClient, type Calls, type FakeWorld } from './fake-gitlab.ts';

export type Answer = {
  data: Record<string, unknown> | null;
  errors: { message: string; path: readonly (string | number)[]; code: string }[];
  /** The calls to GitLab that this query cost. */
  calls: Calls;
};

function unused(): never {
  throw new Error('No test here has a use for that.');
}

/** One for all tests: making a schema takes longer than asking it. */
const server = new ApolloServer<Context>({
  typeDefs: readSdl(),
  resolvers: {
    ...resolvers,
    Query: {
      ...resolvers.Query,
      connection: (_root: object, { name }: { name: string }, { services }: Context) =>
        services.connections.byName(name),
    },
  },
  formatError: createFormatError(createLog({ level: 'silent', destination: { write: () => undefined } })),
});

/** The public schema over a GitLab in memory, without HTTP: `ask` sends a selection on `connection` as a request of its own. */
export function schemaOn(world: FakeWorld, options: { isAdmin?: boolean; grants?: Partial<GrantsService> } = {}) {
  const connection = fakeConnection('work');
  const asked = { ...connection, identity: { ...connection.identity, isAdmin: options.isAdmin ?? false } };
  const calls: Calls = [];
  const client = fakeClient(world, calls);
  const services = servicesOf(asked, client, options.grants ?? {});
  return {
    async ask(selection: string): Promise<Answer> {
      calls.length = 0;
      const caller = { subject: 'test', name: 'Test', roles: ['ADMIN' as const], gitlabUsernames: [] };
      const response = await server.executeOperation(
        { query: `{ connection(name: "work") { ${selection} } }` },
        { contextValue: createContext({ services, caller }) },
      );
      if (response.body.kind !== 'single') throw new Error('One answer was due.');
      const { data, errors = [] } = response.body.singleResult;
      return {
        data: (data?.['connection'] as Record<string, unknown> | null | undefined) ?? null,
        errors: errors.map(({ message, path = [], extensions }) => ({
          message,
          path,
          code: String(extensions?.['code']),
        })),
        calls: [...calls],
      };
    },
  };
}

/** Services that answer of that GitLab; what nothing here asks for throws. */
export function servicesOf(
  connection: ReturnType<typeof fakeConnection>,
  client: ReturnType<typeof fakeClient>,
  grants: Partial<GrantsService>,
): Services {
  return {
    get store() {
      return unused();
    },
    connections: {
      list: unused,
      byId: () => Promise.resolve(connection),
      byName: () => Promise.resolve(connection),
      test: unused,
      save: unused,
      update: unused,
      delete: unused,
      rotateToken: unused,
      start: unused,
      rotateHookSecret: unused,
      clientFor: () => Promise.resolve(client),
      forget: unused,
      suspect: unused,
      close: unused,
    },
    grants: {
      grant: unused,
      extend: unused,
      revoke: unused,
      byId: unused,
      list: unused,
      revocationById: unused,
      revocations: unused,
      lookAtHint: unused,
      standingAt: () => Promise.resolve(new Map()),
      ...grants,
    },
    extraction: {
      start: unused,
      cancel: unused,
      byId: unused,
      list: unused,
      lastDone: unused,
      unknowns: unused,
      noteChange: unused,
    },
  };
}
