import { unendedOnConnection } from '../store/grant-lists.ts';
import { lockKey } from '../store/ledger.ts';
import { countStanding } from '../store/standing.ts';
import type { GrantsDeps } from './deps.ts';
import { abandonGrant, endGrant } from './end-grants.ts';
import type { Reconciler } from './reconciler.ts';
import { loadState } from './state.ts';
import { workUntil } from './waiting.ts';

export type EndAll = { mode: 'END' | 'ABANDON'; actor: string; reason: string; waitMs: number };

/** What deleting a connection asks of its grants; see `GrantsOnConnections` of the connections. */
export function grantsOnConnections(deps: GrantsDeps, reconciler: Reconciler) {
  const standing = async (connectionId: string): Promise<number> => {
    const { grants, revocations } = await countStanding(deps.store.db, connectionId);
    return grants + revocations;
  };

  async function endAll(connectionId: string, how: EndAll): Promise<number> {
    const keyIds = [...new Set((await unendedOnConnection(deps.store.db, connectionId)).map((grant) => grant.keyId))];
    for (const keyId of keyIds) {
      const now = await deps.store.clock.now();
      await deps.store.transaction(async (tx) => {
        const ending = { actor: how.actor, reason: how.reason, now };
        let state = await loadState(tx, await lockKey(tx, keyId), now, deps.settings);
        for (const grant of state.grants.filter((candidate) => candidate.connectionId === connectionId)) {
          if (how.mode === 'END') await endGrant(deps, tx, state, grant, ending);
          else await abandonGrant(tx, state, grant, ending);
          state = { ...state, grants: state.grants.filter((other) => other.id !== grant.id) };
        }
      });
    }
    if (how.mode === 'ABANDON') return (await unendedOnConnection(deps.store.db, connectionId)).length;
    await workUntil(deps, reconciler, keyIds, async () => (await standing(connectionId)) === 0, how.waitMs);
    return standing(connectionId);
  }

  return { standing, endAll };
}
