import type { MutationResolvers, RevokeAccessPayloadResolvers } from '../generated/resolvers.ts';
import type { GrantRow } from '../store/grants.ts';
import { fromInputId } from './global-id.ts';
import { grantInput, revokeInput } from './grant-inputs.ts';
import type { RevokeAccessNode } from './nodes.ts';
import { payload } from './payload.ts';
import { targetAtIfReadable } from './place-nodes.ts';
import { readAccess } from './read-access.ts';
import { requireRole } from './roles.ts';

const NOTHING_REVOKED: Omit<RevokeAccessNode, 'userErrors'> = {
  grants: [],
  revocation: null,
  verifiedAt: null,
  problem: null,
  key: null,
};

export const grantMutations: Pick<MutationResolvers, 'grantAccess' | 'extendGrant' | 'revokeAccess'> = {
  grantAccess: (_root, { input }, { caller, services }) =>
    payload<{ grant: GrantRow | null }>({ grant: null }, () =>
      services.grants.grant(caller.subject, grantInput(input)),
    ),

  extendGrant: (_root, { input }, { caller, services }) =>
    payload<{ grant: GrantRow | null }>({ grant: null }, async () => {
      const { id: grantId } = fromInputId(input.grantId, ['grantId'], 'Grant');
      const grant = await services.grants.extend(caller.subject, {
        grantId,
        durationMs: input.duration ?? null,
        expiresAt: input.expiresAt ?? null,
        reason: input.reason,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { grant };
    }),

  revokeAccess: (_root, { input }, { caller, services }) => {
    if (input.abandon === true) requireRole(caller, 'ADMIN', 'Ending a grant without proof (abandon)');
    return payload(NOTHING_REVOKED, () => services.grants.revoke(caller.subject, revokeInput(input)));
  },
};

/** `remaining` is read from GitLab only where it is asked for; null where it cannot be read just now. */
export const revokeAccessPayload: RevokeAccessPayloadResolvers = {
  remaining: async ({ key }, _args, context) => {
    if (key?.connectionId == null) return null;
    const { connectionId, source, userId } = key;
    const target = await targetAtIfReadable({ connectionId, source, user: { id: userId } }, context);
    if (target === null) return null;
    return readAccess(await context.loaders(connectionId), target, { gitlabId: userId });
  },
};
