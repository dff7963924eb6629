import { refuse } from '../errors.ts';
import type { ByKey, GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { SourceRecord, UserRecord } from '../gitlab/records.ts';
import type { TargetPointer, UserPointer } from './service.ts';

/** The key's value; null when GitLab shows no such thing. Rethrows what kept us from reading it. */
function valueOf<T>(found: ByKey<T>, key: string): T | null {
  const value = found.get(key) ?? null;
  if (value instanceof GitLabError) throw value;
  return value;
}

/** Finds the person in GitLab. Throws `Refusal` NOT_FOUND. */
export async function resolveUser(client: GitLabClient, pointer: UserPointer, field: string[]): Promise<UserRecord> {
  const user =
    pointer.by === 'id'
      ? valueOf(await client.usersById([pointer.id]), pointer.id)
      : valueOf(await client.usersByUsername([pointer.username]), pointer.username);
  if (user !== null) return user;
  const named = pointer.by === 'id' ? `with id ${pointer.id}` : `"${pointer.username}"`;
  throw refuse('NOT_FOUND', `GitLab shows no user ${named} to this connection. Check the spelling.`, field);
}

/** Finds the group or project in GitLab. Throws `Refusal` NOT_FOUND. */
export async function resolveTarget(
  client: GitLabClient,
  pointer: TargetPointer,
  field: string[],
): Promise<SourceRecord> {
  const kind = pointer.by === 'id' ? pointer.ref.kind : pointer.kind;
  const key = pointer.by === 'id' ? pointer.ref.id : pointer.fullPath;
  const lookUp =
    pointer.by === 'id'
      ? kind === 'group'
        ? client.groupsById.bind(client)
        : client.projectsById.bind(client)
      : kind === 'group'
        ? client.groupsByPath.bind(client)
        : client.projectsByPath.bind(client);
  const source = valueOf<SourceRecord>(await lookUp([key]), key);
  if (source !== null) return source;
  throw refuse(
    'NOT_FOUND',
    `GitLab shows no ${kind} "${key}" to this connection. Check the path, and that the connection's user may see it.`,
    field,
  );
}
