import type { GitLabClient } from '../gitlab/client.ts';
import type { SourceRecord, UserRecord } from '../gitlab/records.ts';
import { gatewayUserIds } from '../store/instances.ts';
import type { GrantsDeps } from './deps.ts';
import { checkOwnerStays } from './last-owner.ts';
import { checkLocks } from './locks.ts';
import { topRow } from './observe.ts';
import type { Row } from './plan/types.ts';
import { checkActive, checkManageable, checkTarget } from './policy.ts';

export type Asked = { instanceId: string; user: UserRecord; target: SourceRecord; accessLevel: number };

/**
 * Whether the person may have this role there as GitLab is now: asked for a new grant, again when a scheduled one starts, and at
 * each extension (S14, S20, S32, S41, S43). Answers the direct row. Throws `Refusal`, or a `GitLabError` when GitLab cannot be asked.
 */
export async function checkEligible(deps: GrantsDeps, client: GitLabClient, asked: Asked): Promise<Row | null> {
  const { user, target } = asked;
  const [detail, direct, ours] = await Promise.all([
    client.sourceDetail(target),
    client.directRows(target, [user.id]),
    gatewayUserIds(deps.store.db, asked.instanceId),
  ]);
  checkManageable(user, ours, detail, ['user']);
  checkActive(user, ['user']);
  checkTarget(detail);
  const row = topRow(direct.rows);
  await checkLocks(client, detail, { addsRow: row === null, settings: deps.settings });
  await checkOwnerStays(client, target, user, asked.accessLevel);
  return row;
}
