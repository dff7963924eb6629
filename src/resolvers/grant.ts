import type {
  GrantResolvers,
  GrantEffect,
  GrantEndReason,
  GrantProblemCode,
  GrantProblemResolvers,
  MembershipSnapshotResolvers,
  QueryResolvers,
} from '../generated/resolvers.ts';
import { accessLevelOf } from './access-level.ts';
import { auditPage } from './audit.ts';
import { toGlobalId } from './global-id.ts';
import { grantsPage } from './grant-page.ts';
import { targetAt, userAt } from './place-nodes.ts';

/** `Query.grants`. */
export const grantQueries: Pick<QueryResolvers, 'grants'> = {
  grants: (_root, args, context) => grantsPage(context, args),
};

export const grant: GrantResolvers = {
  id: ({ id }) => toGlobalId('Grant', id),
  connection: ({ connectionId }, _args, { services }) =>
    connectionId === null ? null : services.connections.byId(connectionId),
  user: (row, _args, context) => userAt(row, context),
  username: ({ user }) => user.username,
  target: (row, _args, context) => targetAt(row, context),
  targetPath: ({ source }) => source.path,
  accessLevel: ({ accessLevel }) => {
    const name = accessLevelOf(accessLevel);
    if (name === null) throw new Error(`A stored grant has the unknown level ${String(accessLevel)}.`);
    return name;
  },
  duration: ({ durationMs }) => durationMs,
  effect: ({ effect }): GrantEffect | null => effect,
  satisfiedBy: ({ connectionId, satisfiedBy }, _args, context) =>
    satisfiedBy === null ? null : targetAt({ connectionId, source: { kind: 'group', id: satisfiedBy.id } }, context),
  // Until activation is verified, the end of a duration is not known yet.
  expiresAt: ({ activatedAt, dueAt, untilAt }) => (activatedAt === null ? untilAt : dueAt),
  endReason: ({ endReason, status }) => (status === 'ENDED' ? (endReason as GrantEndReason | null) : null),
  residue: ({ residue }) => {
    if (residue === null) return null;
    const { remainingLevel, ...told } = residue;
    const remainingAccessLevel = remainingLevel === null ? null : accessLevelOf(remainingLevel);
    return { ...told, remainingAccessLevel, remainingAccessLevelValue: remainingLevel };
  },
  history: ({ id }, page, context) => auditPage(context, { grantId: id }, page),
};

export const grantProblem: GrantProblemResolvers = { code: ({ code }) => code as GrantProblemCode };

export const membershipSnapshot: MembershipSnapshotResolvers = {
  accessLevel: ({ accessLevel }) => accessLevelOf(accessLevel),
  accessLevelValue: ({ accessLevel }) => accessLevel,
};
