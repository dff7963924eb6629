import type { Transaction } from 'kysely';
import type { ConnectionRow } from '../store/connections.ts';
import { findInstance, renameInstance, upsertInstance } from '../store/instances.ts';
import { countStanding } from '../store/standing.ts';
import type { Tables } from '../store/tables.ts';
import { inUse, stillStanding } from './refusals.ts';
import type { PassedTest } from './rows.ts';

/**
 * The instance row that the connection shall point to. A GitLab that gives itself a new address is the same GitLab if it answers
 * at the same base URL and knows us as the same user: its row is renamed and no key moves. Throws `Refusal` CONNECTION_IN_USE
 * where what stands could no longer be revoked. With `force` another user will do, but never another GitLab: the numbers of
 * groups and people are another's there. `current` must be locked.
 */
export async function instanceFor(
  tx: Transaction<Tables>,
  now: Date,
  current: ConnectionRow,
  { test, baseUrl, force }: { test: PassedTest; baseUrl: string; force: boolean },
): Promise<string> {
  const instance = await findInstance(tx, current.instanceId);
  const sameUser = test.identity.gitlabId === current.gitlabUserId;
  if ((sameUser || force) && instance?.address === test.instanceAddress) {
    return current.instanceId;
  }
  if (
    sameUser &&
    baseUrl === current.baseUrl &&
    (await renameInstance(tx, current.instanceId, test.instanceAddress)) === 'renamed'
  ) {
    return current.instanceId;
  }
  const { grants, revocations } = await countStanding(tx, current.id);
  if (grants + revocations > 0) {
    throw inUse(
      `${stillStanding(grants + revocations)} on this connection, made as @${current.username} of ${instance?.address ?? 'another GitLab'}. ` +
        `As @${test.identity.username} of ${test.instanceAddress} they could no longer be revoked. End them first, or use a token of the same account.`,
    );
  }
  return (await upsertInstance(tx, now, test.instanceAddress)).id;
}
