import { grantsAtKeys, listGrants } from '../store/grant-lists.ts';
import { findGrant } from '../store/grants.ts';
import type { GrantRow } from '../store/grants.ts';
import { releaseAllLeases } from '../store/ledger.ts';
import { findRevocation, listRevocations } from '../store/revocations.ts';
import { grantsOnConnections } from './connections.ts';
import type { GrantsDeps } from './deps.ts';
import { extendGrant } from './extend-grant.ts';
import { createFollowUps } from './follow.ts';
import { grantAccess } from './grant-access.ts';
import { lookAtHint } from './hints.ts';
import { createPlacesWatch } from './places.ts';
import { createReconciler } from './reconciler.ts';
import type { Reconciler } from './reconciler.ts';
import { revokeAccess } from './revoke-access.ts';
import type { GrantsService } from './service.ts';

export type { GrantsDeps } from './deps.ts';
export type { GrantSettings } from './settings.ts';
export { DEFAULT_GRANT_SETTINGS } from './settings.ts';

export type Grants = {
  service: GrantsService;
  reconciler: Reconciler;
  /** For the connections, which must know what stands before they are deleted. */
  onConnections: ReturnType<typeof grantsOnConnections>;
  /** Makes ready after a start: the embedded store has one process, so leases of the one before are void. */
  start(): Promise<void>;
};

/** The JIT domain on its store, clients and jobs. */
export function createGrants(deps: GrantsDeps): Grants {
  const worker = createReconciler(deps);
  const followUps = createFollowUps(deps);
  const places = createPlacesWatch(deps);
  const reconciler: Reconciler = {
    ...worker,
    async sweep() {
      await worker.sweep();
      await followUps();
      await places();
    },
  };
  const { db, clock } = deps.store;
  const service: GrantsService = {
    grant: (actor, input) => grantAccess(deps, reconciler, actor, input),
    extend: (actor, input) => extendGrant(deps, reconciler, actor, input),
    revoke: (actor, input) => revokeAccess(deps, reconciler, actor, input),
    byId: (id) => findGrant(db, id),
    list: async (filter, page) => listGrants(db, filter, page, await clock.now()),
    revocationById: (id) => findRevocation(db, id),
    revocations: ({ pendingOnly }, page) => listRevocations(db, pendingOnly, page),
    lookAtHint: (hint) => lookAtHint(deps, hint),
    async standingAt(instanceId, keys) {
      const grants = await grantsAtKeys(db, instanceId, keys);
      return new Map<string, GrantRow>(
        grants.map((grant) => [`${grant.source.kind}:${grant.source.id}:${grant.user.id}`, grant]),
      );
    },
  };
  return {
    service,
    reconciler,
    onConnections: grantsOnConnections(deps, reconciler),
    async start() {
      if (deps.store.kind === 'embedded') await releaseAllLeases(db);
    },
  };
}
