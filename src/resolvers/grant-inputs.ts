import { refuse } from '../errors.ts';
import type { GrantAccessInput, RevokeAccessInput, TargetRef, UserRef } from '../generated/resolvers.ts';
import type { GrantInput, RevokeInput, TargetPointer, UserPointer } from '../grants/service.ts';
import { accessLevelValue } from './access-level.ts';
import { fromInputId } from './global-id.ts';

const GITLAB_NUMBER = /^[1-9]\d{0,18}$/;

function sameConnection(connectionId: string, of: string, field: string[]): void {
  if (connectionId === of) return;
  throw refuse(
    'INVALID_INPUT',
    'This id was answered by another connection. Take the id from the connection you name.',
    field,
  );
}

/** A user as a mutation names it, for one connection. Throws `Refusal`. */
export function userPointer(ref: UserRef, connectionId: string, field: string[]): UserPointer {
  if (ref.username != null) return { by: 'username', username: ref.username };
  if (ref.gitlabId != null) {
    if (GITLAB_NUMBER.test(ref.gitlabId)) return { by: 'id', id: ref.gitlabId };
    throw refuse('INVALID_INPUT', "gitlabId is GitLab's number of the user, for example 42.", [...field, 'gitlabId']);
  }
  const id = fromInputId(ref.id, [...field, 'id'], 'User');
  sameConnection(connectionId, id.connectionId, [...field, 'id']);
  return { by: 'id', id: id.gitlabId };
}

/** A group or project as a mutation names it, for one connection. Throws `Refusal`. */
export function targetPointer(ref: TargetRef, connectionId: string, field: string[]): TargetPointer {
  if (ref.group != null) return { by: 'path', kind: 'group', fullPath: ref.group };
  if (ref.project != null) return { by: 'path', kind: 'project', fullPath: ref.project };
  const id = fromInputId(ref.id, [...field, 'id'], 'Group', 'Project');
  sameConnection(connectionId, id.connectionId, [...field, 'id']);
  return { by: 'id', ref: { kind: id.type === 'Group' ? 'group' : 'project', id: id.gitlabId } };
}

function memberRole(id: string | null | undefined): string | null {
  if (id == null) return null;
  if (GITLAB_NUMBER.test(id)) return id;
  throw refuse('INVALID_INPUT', "memberRoleId is GitLab's number of the custom role, for example 3.", ['memberRoleId']);
}

/** `GrantAccessInput` as the use case takes it. Throws `Refusal`. */
export function grantInput(input: GrantAccessInput): GrantInput {
  const connectionId = fromInputId(input.connectionId, ['connectionId'], 'Connection').id;
  return {
    connectionId,
    user: userPointer(input.user, connectionId, ['user']),
    target: targetPointer(input.target, connectionId, ['target']),
    accessLevel: accessLevelValue(input.accessLevel),
    memberRoleId: memberRole(input.memberRoleId),
    durationMs: input.duration ?? null,
    expiresAt: input.expiresAt ?? null,
    startsAt: input.startsAt ?? null,
    reason: input.reason,
    ticket: input.ticket ?? null,
    idempotencyKey: input.idempotencyKey ?? null,
  };
}

/** `RevokeAccessInput` as the use case takes it. Throws `Refusal`. */
export function revokeInput(input: RevokeAccessInput): RevokeInput {
  const shared = {
    reason: input.reason,
    abandon: input.abandon ?? false,
    idempotencyKey: input.idempotencyKey ?? null,
  };
  const { grantId, membership } = input.access;
  if (grantId != null) {
    const { id } = fromInputId(grantId, ['access', 'grantId'], 'Grant');
    return { ...shared, access: { by: 'grant', grantId: id } };
  }
  const field = ['access', 'membership'];
  const connectionId = fromInputId(membership.connectionId, [...field, 'connectionId'], 'Connection').id;
  const user = userPointer(membership.user, connectionId, [...field, 'user']);
  const target = targetPointer(membership.target, connectionId, [...field, 'target']);
  return { ...shared, access: { by: 'membership', connectionId, user, target } };
}
