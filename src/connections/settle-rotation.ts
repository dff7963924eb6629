import { GitLabError } from '../gitlab/errors.ts';
import { appendAudit } from '../store/audit.ts';
import { lockConnection, updateConnection } from '../store/connections.ts';
import type { ConnectionRow } from '../store/connections.ts';
import { clearRotating } from '../store/rotations.ts';
import type { ConnectionsDeps } from './deps.ts';

/** No rotate call lasts so long: until then a mark may be another process's, whose answer is still to come. */
const LONGEST_CALL_MS = 60_000;

export const LOST_REASON =
  "The rotation's answer was lost and the old token is dead; give it a replacement token with updateConnection.";

/**
 * `NOT_ROTATED`: the old token lives, the mark is gone; `LOST`: it is dead, the connection is DEGRADED and the mark stands until
 * it gets another token; `UNSETTLED`: the mark stands, since it is too early or GitLab did not say.
 */
export type Settled = 'NOT_ROTATED' | 'LOST' | 'UNSETTLED';

/**
 * What became of a rotation whose answer nobody has, told by a read with the old token; the rotate call itself is never sent again
 * (S25, docs/gitlab.md §rotation). `answered`: it is this caller's own, and no answer can follow.
 */
export async function settleRotation(
  deps: ConnectionsDeps,
  actor: string,
  row: ConnectionRow,
  { answered = false }: { answered?: boolean } = {},
): Promise<Settled> {
  const { rotating } = row;
  const now = await deps.store.clock.now();
  if (!rotating || (!answered && now.getTime() - rotating.since.getTime() < LONGEST_CALL_MS)) return 'UNSETTLED';
  const alive = await lives(deps, row);
  if (alive === null) return 'UNSETTLED';
  await deps.store.transaction((tx) => conclude(tx, now, { actor, seen: row, alive }));
  if (!alive) deps.log.warn({ connection: row.name }, 'The answer of a token rotation was lost.');
  return alive ? 'NOT_ROTATED' : 'LOST';
}

/** Null where GitLab did not say. A blocked account is told only of a token that is neither expired nor revoked. */
async function lives(deps: ConnectionsDeps, { id, baseUrl, tokenJwe }: ConnectionRow): Promise<boolean | null> {
  const token = await deps.secrets.decrypt(tokenJwe, { baseUrl });
  const client = deps.clientFactory({ baseUrl, token, connectionId: id });
  try {
    await client.tokenSelf();
    return true;
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    if (error.code === 'ACCOUNT_BLOCKED') return true;
    return ['TOKEN_REVOKED', 'TOKEN_EXPIRED', 'UNAUTHENTICATED'].includes(error.code) ? false : null;
  } finally {
    await client.close();
  }
}

type Conclusion = { actor: string; seen: ConnectionRow; alive: boolean };

/** Nothing is written if the token was replaced, or the rotation settled, since it was looked at. */
async function conclude(
  tx: Parameters<typeof lockConnection>[0],
  now: Date,
  { actor, seen, alive }: Conclusion,
): Promise<void> {
  const current = await lockConnection(tx, seen.id);
  if (current?.tokenJwe !== seen.tokenJwe || current.rotating?.since.getTime() !== seen.rotating?.since.getTime())
    return;
  if (alive) {
    await clearRotating(tx, seen.id);
    await appendAudit(tx, now, {
      actor,
      action: 'CONNECTION_TOKEN_NOT_ROTATED',
      connectionId: seen.id,
      summary: `The token of the connection "${seen.name}" was not rotated: the old one still works.`,
    });
    return;
  }
  if (current.status === 'DEGRADED' && current.statusReason === LOST_REASON) return;
  await updateConnection(tx, now, seen.id, { status: 'DEGRADED', statusReason: LOST_REASON });
  await appendAudit(tx, now, {
    actor,
    action: 'CONNECTION_DEGRADED',
    connectionId: seen.id,
    summary: `The token of the connection "${seen.name}" no longer works: ${LOST_REASON}`,
    details: { name: seen.name, username: seen.username, reason: LOST_REASON },
  });
}
