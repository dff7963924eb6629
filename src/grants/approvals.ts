import type { Transaction } from 'kysely';
import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { PendingApproval } from '../gitlab/records.ts';
import { gatewayUserIds } from '../store/instances.ts';
import type { KeyRow } from '../store/ledger.ts';
import type { Base, Intent, LateWrite, Queued } from '../store/snapshots.ts';
import type { Tables } from '../store/tables.ts';
import type { GrantsDeps } from './deps.ts';
import { LEVEL, compareRoles } from './levels.ts';
import type { Role } from './levels.ts';
import type { ApprovedWrite } from './plan/types.ts';

/**
 * What GitLab's list of the promotions that wait tells of the person: the one that waits, `none`, that GitLab keeps no such list
 * (`unkept`), or that it could not be read (`unread`).
 */
export type Listed = PendingApproval | 'none' | 'unkept' | 'unread';

type Unproven = Pick<KeyRow, 'intent' | 'queued'>;

/** The write that GitLab queued is the last one that was sent: nothing of it is there until somebody approves it. */
export function isPending({ intent, queued }: Unproven): boolean {
  return intent !== null && intent.at.getTime() === queued?.intent.at.getTime();
}

/** The stored intent, where it is of a write whose answer nobody heard. `answered`: the last one whose answer was heard, by its time. */
export function unheardIntent(key: Unproven, answered: Date | null): Intent | null {
  const { intent } = key;
  if (intent === null || intent.want === 'absent' || isPending(key)) return null;
  return intent.at.getTime() === answered?.getTime() ? null : intent;
}

/** Whether it is the kind of write that GitLab may queue: it gives a role that takes a seat to who has none by that row (docs/gitlab.md §promotions). */
export function mayQueue({ before, want }: Pick<Intent, 'before' | 'want'>): boolean {
  if (want === 'absent' || (want.accessLevel <= LEVEL.GUEST && want.memberRoleId === null)) return false;
  return before === 'absent' || before.accessLevel <= LEVEL.GUEST;
}

/** Only an Enterprise Edition of one's own queues promotions (docs/gitlab.md §promotions). */
export async function mayPromotionsWait(deps: Pick<GrantsDeps, 'connection'>, connectionId: string): Promise<boolean> {
  const connection = await deps.connection(connectionId);
  return connection !== null && connection.instance.enterprise && !connection.instance.gitlabDotCom;
}

/** Asks for GitLab's list. What it no longer shows is in the row by then, so the row is read after it. */
export async function readListed(client: GitLabClient, { source, user }: KeyRow): Promise<Listed> {
  try {
    const waiting = await client.pendingApprovals(source);
    return waiting === null ? 'unkept' : (waiting.find(({ userId }) => userId === user.id) ?? 'none');
  } catch (error) {
    if (error instanceof GitLabError) return 'unread';
    throw error;
  }
}

const sameRole = (a: Role, b: Role): boolean => compareRoles(a, b) === 0 && a.memberRoleId === b.memberRoleId;

/** The writes whose answer nobody heard that may wait in GitLab's queue. */
function unheardWrites(key: KeyRow, late: readonly LateWrite[], answered: Date | null): Intent[] {
  const intent = unheardIntent(key, answered);
  // What a row was before it was to be raised is not remembered; only that there was one matters.
  const older = late
    .filter(({ approval }) => approval !== undefined)
    .map(({ want, adds, last }): Intent => ({
      want,
      at: last,
      before: adds ? 'absent' : { ...want, createdAt: null },
    }));
  return intent !== null && mayQueue(intent) ? [intent, ...older] : older;
}

/**
 * The writes that may show in the row as an administrator's approval leaves it: the one that GitLab is known to have queued, and those
 * whose answer nobody heard, where GitLab queues such writes as far as can be told.
 */
export function approvable(
  key: KeyRow,
  seen: { queued: Intent | null; late: readonly LateWrite[]; listed: Listed | null; answered: Date | null },
): ApprovedWrite[] {
  const { queued, late, listed, answered } = seen;
  const known = queued === null ? [] : [queued];
  const unheard = listed === null || listed === 'unkept' ? [] : unheardWrites(key, late, answered);
  return [...known, ...unheard].flatMap(({ want, before, at }) =>
    want === 'absent' ? [] : [{ want, adds: before === 'absent', at }],
  );
}

/** A write whose answer nobody heard stands in GitLab's list: what would have been stored, had the answer been heard; else null. */
export async function queuedByList(
  tx: Transaction<Tables>,
  key: KeyRow,
  seen: {
    listed: Listed | null;
    late: readonly LateWrite[];
    answered: Date | null;
    base: Base;
    grantId: string | null;
  },
): Promise<Queued | null> {
  const { listed, late, answered, base, grantId } = seen;
  if (listed === null || typeof listed === 'string') return null;
  const intent = unheardWrites(key, late, answered).find(({ want }) => want !== 'absent' && sameRole(want, listed));
  const { requestedById: byUserId } = listed;
  if (intent === undefined || byUserId === null) return null;
  const ours = await gatewayUserIds(tx, key.instanceId);
  const senders = [...ours, ...late.map((write) => write.byUserId)];
  return senders.includes(byUserId) ? { intent, base, grantId, byUserId } : null;
}

/** GitLab shows its list, and what it had queued for us is not in it: an administrator said no, or somebody asked for another role. */
export function noLongerListed({ queued }: Pick<KeyRow, 'queued'>, listed: Listed | null): boolean {
  if (listed === null || listed === 'unkept' || listed === 'unread') return false;
  if (listed === 'none') return true;
  return queued?.byUserId != null && listed.requestedById !== null && listed.requestedById !== queued.byUserId;
}
