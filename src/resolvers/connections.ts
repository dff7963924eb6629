import { daysLeft } from '../connections/days-left.ts';
import type { ConnectionRecord, ConnectionReport, TestResult } from '../connections/records.ts';
import { testFailed } from '../connections/refusals.ts';
import type {
  ConnectionResolvers,
  ConnectionTokenResolvers,
  MutationResolvers,
  QueryResolvers,
} from '../generated/resolvers.ts';
import { fromInputId, toGlobalId } from './global-id.ts';
import { payload } from './payload.ts';

/** `Query.connections` by name, and `Query.connection` whatever the name's case. */
export const connectionQueries: Pick<QueryResolvers, 'connections' | 'connection'> = {
  connections: (_root, _args, { services }) => services.connections.list(),
  connection: (_root, { name }, { services }) => services.connections.byName(name),
};

/** What a connection knows without asking GitLab; its other fields are the record's own. */
export const connectionFields: Pick<ConnectionResolvers, 'id'> = {
  id: ({ id }) => toGlobalId('Connection', id),
};

export const connectionToken: ConnectionTokenResolvers = {
  daysLeft: async ({ expiresAt }, _args, { services }) => daysLeft(expiresAt, await services.store.clock.now()),
};

type ConnectionMutation =
  | 'testConnection'
  | 'saveConnection'
  | 'updateConnection'
  | 'deleteConnection'
  | 'rotateConnectionToken'
  | 'rotateHookSecret';

export const connectionMutations: Pick<MutationResolvers, ConnectionMutation> = {
  testConnection: (_root, { input }, { caller, services }) =>
    payload(untested, async () => {
      const connectionId = input.connectionId == null ? null : connectionIdIn(input.connectionId);
      return services.connections.test(caller.subject, { ...input, connectionId });
    }),

  saveConnection: (_root, { input }, { caller, services }) =>
    payload(unsaved, async () => outcome(await services.connections.save(caller.subject, input))),

  updateConnection: (_root, { input }, { caller, services }) =>
    payload(unsaved, async () => {
      const connectionId = connectionIdIn(input.connectionId);
      return outcome(await services.connections.update(caller.subject, { ...input, connectionId }));
    }),

  deleteConnection: (_root, { input }, { caller, services }) =>
    payload(undeleted, async () => {
      const connectionId = connectionIdIn(input.connectionId);
      const order = { ...input, connectionId, grants: input.grants ?? 'REFUSE' };
      const { deletedId } = await services.connections.delete(caller.subject, order);
      return { deletedConnectionId: toGlobalId('Connection', deletedId) };
    }),

  rotateConnectionToken: (_root, { input }, { caller, services }) =>
    payload(unrotated, async () => {
      const connectionId = connectionIdIn(input.connectionId);
      return services.connections.rotateToken(caller.subject, { ...input, connectionId });
    }),

  rotateHookSecret: (_root, { input }, { caller, services }) =>
    payload(noHookSecret, async () => {
      const order = { ...input, connectionId: connectionIdIn(input.connectionId) };
      const { connectionId, secret } = await services.connections.rotateHookSecret(caller.subject, order);
      return { secret, path: `/hooks/gitlab/${toGlobalId('Connection', connectionId)}` };
    }),
};

type Untested = { [K in 'report' | 'identity' | 'instance' | 'token']: TestResult[K] | null };
const untested: Untested = { report: null, identity: null, instance: null, token: null };

type Unsaved = { connection: ConnectionRecord | null; report: ConnectionReport | null };
const unsaved: Unsaved = { connection: null, report: null };

const unrotated: { connection: ConnectionRecord | null } = { connection: null };

const noHookSecret: { secret: string | null; path: string | null } = { secret: null, path: null };

const undeleted: { deletedConnectionId: string | null } = { deletedConnectionId: null };

function connectionIdIn(globalId: string): string {
  return fromInputId(globalId, ['connectionId'], 'Connection').id;
}

/** A test that failed is the caller's to mend; its report comes beside the error, a repeat's is the one that was kept. */
function outcome({ connection, result }: { connection: ConnectionRecord | null; result: TestResult | null }) {
  return {
    connection,
    report: result?.report ?? connection?.report ?? null,
    userErrors: result && !connection ? [testFailed(result)] : [],
  };
}
