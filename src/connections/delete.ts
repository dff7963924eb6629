import type { Transaction } from 'kysely';
import { refuse } from '../errors.ts';
import { appendAudit } from '../store/audit.ts';
import { deleteConnection, findConnection, lockConnection } from '../store/connections.ts';
import { countStanding } from '../store/standing.ts';
import type { Tables } from '../store/tables.ts';
import type { ConnectionsDeps } from './deps.ts';
import { deleteSchema, parseInput } from './input.ts';
import { attempt, earlier, once } from './once.ts';
import { inUse, noSuchConnection, stillStanding } from './refusals.ts';
import type { DeleteInput, StandingGrants } from './service.ts';

const END_WAIT_MS = 10_000;

/**
 * Deletes a connection. While grants or revocations stand it is refused CONNECTION_IN_USE, unless they are ended first (each
 * revoke verified; those not proven within the wait go on ending and the connection stays) or abandoned unproven. Throws
 * `Refusal` NOT_FOUND, INVALID_INPUT, CONNECTION_IN_USE, IDEMPOTENCY_KEY_REUSED.
 */
export async function remove(deps: ConnectionsDeps, actor: string, input: DeleteInput): Promise<{ deletedId: string }> {
  const { connectionId, grants, reason, idempotencyKey } = parseInput(deleteSchema, input);
  const call = attempt(actor, idempotencyKey, 'deleteConnection', { connectionId, grants, reason });
  const before = await earlier(deps.store, call);
  if (before !== null) {
    return { deletedId: before };
  }
  if (!(await findConnection(deps.store.db, connectionId))) {
    throw noSuchConnection();
  }
  await settle(deps, actor, { connectionId, mode: grants, reason });
  const deletedId = await once(deps.store, call, (tx, now) =>
    erase(tx, now, { actor, connectionId, mode: grants, reason }),
  );
  return { deletedId };
}

type Order = { connectionId: string; mode: StandingGrants; reason: string };

async function settle(deps: ConnectionsDeps, actor: string, { connectionId, mode, reason }: Order): Promise<void> {
  if (mode === 'REFUSE') {
    return;
  }
  if (reason === '') {
    throw refuse('INVALID_INPUT', `Give the reason for which grants are ${mode === 'END' ? 'ended' : 'abandoned'}.`, [
      'reason',
    ]);
  }
  const waitMs = deps.endWaitMs ?? END_WAIT_MS;
  const left = await deps.grants().endAll(connectionId, { mode, actor, reason, waitMs });
  if (left > 0) {
    throw inUse(
      `Nothing was deleted: ${stillStanding(left)}, and is being ended. Call again later, or, if this GitLab is gone for good, with grants: ABANDON.`,
    );
  }
}

async function erase(
  tx: Transaction<Tables>,
  now: Date,
  { actor, connectionId, mode, reason }: Order & { actor: string },
): Promise<string> {
  const row = await lockConnection(tx, connectionId);
  if (!row) {
    throw noSuchConnection();
  }
  // Counted again under the lock: a grant that came in meanwhile would lose the connection that must revoke it.
  const standing = await countStanding(tx, connectionId);
  // Abandoned revocations lose their connection with its row, and with it all that could still be tried.
  const left = standing.grants + (mode === 'ABANDON' ? 0 : standing.revocations);
  if (left > 0) {
    throw inUse(
      `${stillStanding(left)} on this connection. Delete it with grants: END to end them first, or, if this GitLab is gone for good, with grants: ABANDON.`,
    );
  }
  await deleteConnection(tx, connectionId);
  await appendAudit(tx, now, {
    actor,
    action: 'CONNECTION_DELETED',
    connectionId,
    summary: `Deleted the connection "${row.name}" to ${row.baseUrl}.`,
    details: {
      name: row.name,
      baseUrl: row.baseUrl,
      username: row.username,
      grants: mode,
      ...(reason === '' ? {} : { reason }),
    },
  });
  return connectionId;
}
