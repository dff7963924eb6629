import type { MutationResolvers, RevokeAccessPayloadResolvers } from '../generated/resolvers.ts';
import type { GrantRow } from '../store/grants.ts';
import { fromInputId } from './global-id.ts';
import { grantInput, revokeInput } from './grant-inputs.ts';
import type { RevokeAccessNode } from './nodes.ts';
import { payload } from './payload.ts';
import { targetAtIfReadable } from './place-nodes.ts';
import { readAccess } from './read-access.ts';
import { requireRole } from './roles.ts';
import type { Services } from './services.ts';

const NOTHING_REVOKED: Omit<RevokeAccessNode, 'userErrors'> = {
  grants: [],
  revocation: null,
  verifiedAt: null,
  problem: null,
  key: null,
};

/**
 * Whatever another process of the gateway wrote for these grants, a query that follows the answer sees it: what this process was
 * told of the memberships before does not serve again.
 */
function seen(services: Services, grants: readonly (GrantRow | null)[]): void {
  for (const grant of grants) {
    if (grant === null) continue;
    const { kind, id } = grant.source;
    services.connections.forget(grant.instanceId, { rows: { source: { kind, id }, userId: grant.user.id } });
  }
}

export const grantMutations: Pick<MutationResolvers, 'grantAccess' | 'extendGrant' | 'revokeAccess'> = {
  grantAccess: (_root, { input }, { caller, services }) =>
    payload<{ grant: GrantRow | null }>({ grant: null }, async () => {
      const answer = await services.grants.grant(caller.subject, grantInput(input));
      seen(services, [answer.grant]);
      return answer;
    }),

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
      seen(services, [grant]);
      return { grant };
    }),

  revokeAccess: (_root, { input }, { caller, services }) => {
    if (input.abandon === true) requireRole(caller, 'ADMIN', 'Ending a grant without proof (abandon)');
    return payload(NOTHING_REVOKED, async () => {
      const answer = await services.grants.revoke(caller.subject, revokeInput(input));
      seen(services, answer.grants);
      return answer;
    });
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
