import { GatehouseError } from '../errors.ts';
import type { UserRef } from '../generated/resolvers.ts';
import type { UserRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { fromGlobalId } from './global-id.ts';

/** The user that a reference in a query points at; throws BAD_USER_INPUT, naming the reference, where there is none. */
export async function userOfRef(loaders: Loaders, ref: UserRef): Promise<UserRecord> {
  const { name, user } = await lookUp(loaders, ref);
  if (user !== null) return user;
  throw new GatehouseError(
    'BAD_USER_INPUT',
    `The connection "${loaders.connection.name}" knows no user with ${name}. Look the user up by username first.`,
  );
}

async function lookUp(loaders: Loaders, ref: UserRef): Promise<{ name: string; user: UserRecord | null }> {
  if (ref.username != null) {
    return { name: `the username "${ref.username}"`, user: await loaders.userByUsername.load(ref.username) };
  }
  if (ref.gitlabId != null) return byNumber(loaders, ref.gitlabId);
  const { connectionId, gitlabId } = fromGlobalId(ref.id, 'User');
  if (connectionId === loaders.connection.id) return byNumber(loaders, gitlabId);
  throw new GatehouseError(
    'BAD_USER_INPUT',
    'The id is of a user of another connection. Give the username, or the id that this connection answers for the user.',
  );
}

async function byNumber(loaders: Loaders, gitlabId: string): Promise<{ name: string; user: UserRecord | null }> {
  const isNumber = /^[1-9]\d{0,18}$/.test(gitlabId);
  return {
    name: `the number "${gitlabId.slice(0, 80)}"`,
    user: isNumber ? await loaders.userById.load(gitlabId) : null,
  };
}
