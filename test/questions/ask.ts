import { makeExecutableSchema } from '@graphql-tools/schema';
import { graphql } from 'graphql';
import { createContext } from '../../src/resolvers/context.ts';
import { resolvers } from '../../src/resolvers/index.ts';
import { readSdl } from '../../src/server/sdl.ts';
import type { Store } from '../../src/store/store.ts';
import { servicesOf } from '../resolvers/ask.ts';
import { emptyWorld, fakeClient } from '../resolvers/fake-gitlab.ts';
import { fakeConnection } from '../server/fake-connection.ts';

const schema = makeExecutableSchema({ typeDefs: readSdl(), resolvers });

export type Asking = {
  /** Asks a selection on `insight`, with its arguments (`(run: 1)`) or none; throws where the answer has errors. */
  insight<T>(selection: string, args?: string): Promise<T>;
  /** The message of the one error that it is refused with. */
  refused(selection: string, args?: string): Promise<string>;
};

/** The public schema over a store with runs of this connection; GitLab is not there, and whoever asks it is told so. */
export function asking(store: Store, connectionId: string): Asking {
  const connection = { ...fakeConnection('work'), id: connectionId };
  const services = Object.defineProperty(servicesOf(connection, fakeClient(emptyWorld(), []), {}), 'store', {
    value: store,
  });
  const caller = { subject: 'test', name: 'Test', roles: ['VIEWER' as const], gitlabUsernames: [] };
  const ask = (selection: string, args: string) =>
    graphql({
      schema,
      source: `{ connection(name: "work") { insight${args} { ${selection} } } }`,
      contextValue: createContext({ services, caller }),
    });
  return {
    async insight<T>(selection: string, args = '') {
      const { data, errors } = await ask(selection, args);
      if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join(' '));
      return (data?.['connection'] as { insight: T }).insight;
    },
    async refused(selection, args = '') {
      const { errors = [] } = await ask(selection, args);
      if (errors.length !== 1) throw new Error(`One error was due, not ${String(errors.length)}.`);
      return errors[0]?.message ?? '';
    },
  };
}
