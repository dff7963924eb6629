import type { Transaction } from 'kysely';
import { Refusal, refuse } from '../errors.ts';
import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError, tokenDead } from '../gitlab/errors.ts';
import type { RotatedToken } from '../gitlab/records.ts';
import { appendAudit } from '../store/audit.ts';
import { findConnection, listConnections, lockConnection, updateConnection } from '../store/connections.ts';
import type { ConnectionRow } from '../store/connections.ts';
import { claimIdempotency, storeIdempotencyResult } from '../store/idempotency.ts';
import type { Attempt } from '../store/once.ts';
import { clearRotating, markRotating } from '../store/rotations.ts';
import { bringStandingForward } from '../store/standing.ts';
import type { Tables } from '../store/tables.ts';
import type { ConnectionsDeps } from './deps.ts';
import type { Health } from './health.ts';
import { parseInput, rotateTokenSchema } from './input.ts';
import { attempt, earlier } from './once.ts';
import { inUse, noSuchConnection, notRotated, refusedByGitLab, rotationLost, rotationUnsettled } from './refusals.ts';
import { asItIsNow } from './save.ts';
import type { Rotated, RotateTokenInput } from './service.ts';
import { settleRotation } from './settle-rotation.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 90;
const MOST_DAYS = 365;
/** The new token is nowhere else, so storing it is tried more than once. */
const STORE_TRIES = 3;

type Order = { actor: string; call: Attempt; row: ConnectionRow; expiresAt: string };

/**
 * Replaces the connection's token by a new one (S25). Before GitLab is asked, a mark with the sealed token is stored; the new
 * token is sealed and stored in place of the old before it is used. The call is sent once for a token: where its answer is lost, a
 * read with the old token tells whether it happened (`settleRotation`). Throws `Refusal` NOT_FOUND, INVALID_INPUT,
 * CONNECTION_IN_USE, CONNECTION_DEGRADED, TOKEN_NOT_ROTATED, REFUSED_BY_GITLAB, IDEMPOTENCY_KEY_REUSED, and `GitLabError` where
 * GitLab cannot be asked before anything is stored.
 */
export async function rotateToken(
  deps: ConnectionsDeps,
  health: Health,
  actor: string,
  input: RotateTokenInput,
): Promise<Rotated> {
  const { connectionId, expiresAt: asked = null, idempotencyKey } = parseInput(rotateTokenSchema, input);
  const call = attempt(actor, idempotencyKey, 'rotateConnectionToken', { connectionId, expiresAt: asked });
  if ((await earlier(deps.store, call)) !== null) return told(deps, connectionId);
  const row = await findConnection(deps.store.db, connectionId);
  if (!row) throw noSuchConnection();
  const expiresAt = endOf(asked, await deps.store.clock.now());
  if (row.rotating) {
    const settled = await settleRotation(deps, actor, row);
    if (settled === 'LOST') return { ...(await told(deps, row.id)), userErrors: [rotationLost()] };
    if (settled === 'UNSETTLED') throw rotationUnsettled();
  }
  const token = await deps.secrets.decrypt(row.tokenJwe, { baseUrl: row.baseUrl });
  await refuseShared(deps, row, token);
  const client = deps.clientFactory({ baseUrl: row.baseUrl, token, connectionId });
  try {
    await requireAlive(health, client, connectionId);
    return await send(deps, client, { actor, call, row, expiresAt });
  } finally {
    await client.close();
  }
}

async function told(deps: ConnectionsDeps, connectionId: string): Promise<Rotated> {
  return { connection: (await asItIsNow(deps, connectionId)).connection, userErrors: [] };
}

/** Tokens end as their day begins, in UTC, so a token of today would be dead (docs/gitlab.md §tokens). */
function endOf(asked: string | null, now: Date): string {
  const day = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  if (asked === null) return day(USUAL_DAYS);
  if (asked > day(0) && asked <= day(MOST_DAYS)) return asked;
  throw refuse('INVALID_INPUT', `Give a day from ${day(1)} to ${day(MOST_DAYS)}.`, ['expiresAt']);
}

/** Another connection with the same token would be cut off, and could send the dead token to be rotated again. */
async function refuseShared(deps: ConnectionsDeps, row: ConnectionRow, token: string): Promise<void> {
  for (const other of await listConnections(deps.store.db)) {
    if (other.id === row.id || other.instanceId !== row.instanceId || other.gitlabUserId !== row.gitlabUserId) continue;
    if ((await deps.secrets.decrypt(other.tokenJwe, { baseUrl: other.baseUrl })) === token) {
      throw inUse(`The connection "${other.name}" has the same token and would lose it. Give it one of its own first.`);
    }
  }
}

/** A token that was rotated before by others must not be sent: its whole family would be revoked (docs/gitlab.md §rotation). */
async function requireAlive(health: Health, client: GitLabClient, connectionId: string): Promise<void> {
  try {
    await client.tokenSelf();
  } catch (error) {
    if (!(error instanceof GitLabError) || !tokenDead(error)) throw error;
    await health.suspect(connectionId);
    throw refuse('CONNECTION_DEGRADED', `${error.message} Give the connection another one with updateConnection.`);
  }
}

async function send(deps: ConnectionsDeps, client: GitLabClient, order: Order): Promise<Rotated> {
  const { actor, row, expiresAt } = order;
  const marked = await mark(deps, row);
  let made: RotatedToken;
  try {
    made = await client.rotateSelf(expiresAt);
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    // Too late an answer is one that may still come about: the token is looked at once that is over.
    if (error.code === 'TIMEOUT' || error.code === 'UNAVAILABLE') throw rotationUnsettled();
    const settled = await settleRotation(deps, actor, marked, { answered: true });
    if (settled === 'LOST') return { ...(await told(deps, row.id)), userErrors: [rotationLost()] };
    if (settled === 'UNSETTLED') throw rotationUnsettled();
    throw error.details.status === undefined ? notRotated(error.message) : refusedByGitLab(error);
  }
  const tokenJwe = await deps.secrets.encrypt(made.secret, { baseUrl: row.baseUrl });
  await keep(deps, order, { tokenJwe, made });
  return told(deps, row.id);
}

/** Stored and committed when it resolves. Throws where another rotation's mark stands, or the token was replaced meanwhile. */
async function mark(deps: ConnectionsDeps, row: ConnectionRow): Promise<ConnectionRow> {
  return deps.store.transaction(async (tx) => {
    const rotating = { tokenJwe: row.tokenJwe, since: await deps.store.clock.now() };
    const current = await lockConnection(tx, row.id);
    if (!current) throw noSuchConnection();
    if (current.rotating) throw rotationUnsettled();
    if (current.tokenJwe !== row.tokenJwe) throw notRotated('It was replaced just now.');
    await markRotating(tx, row.id, rotating);
    return { ...current, rotating };
  });
}

type Kept = { tokenJwe: string; made: RotatedToken };

async function keep(deps: ConnectionsDeps, order: Order, kept: Kept): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      const now = await deps.store.clock.now();
      await deps.store.transaction((tx) => replace(tx, now, { ...order, ...kept }));
      return;
    } catch (error) {
      if (error instanceof Refusal || tried >= STORE_TRIES) throw error;
      deps.log.warn({ err: error, connection: order.row.name }, 'A rotated token could not be stored; trying again.');
    }
  }
}

async function replace(
  tx: Transaction<Tables>,
  now: Date,
  { actor, call, row, tokenJwe, made }: Order & Kept,
): Promise<void> {
  const { name, scopes, createdAt, expiresAt, lastUsedAt } = made.record;
  const current = await lockConnection(tx, row.id);
  if (current?.tokenJwe !== row.tokenJwe) {
    throw refuse(
      'CONNECTION_IN_USE',
      `The connection was deleted or given another token meanwhile. Revoke the new token, number ${made.record.id}, in GitLab: nobody has it.`,
    );
  }
  await updateConnection(tx, now, row.id, {
    tokenJwe,
    tokenInfo: { name, scopes, createdAt, expiresAt, lastUsedAt },
    status: 'CONNECTED',
    statusReason: null,
  });
  await clearRotating(tx, row.id);
  await bringStandingForward(tx, row.id, now);
  await appendAudit(tx, now, {
    actor,
    action: 'CONNECTION_TOKEN_ROTATED',
    connectionId: row.id,
    summary: `Rotated the token of the connection "${current.name}"; the new one ends ${expiresAt ?? 'never'}.`,
    details: { name: current.name, username: current.username, token: { name, scopes, expiresAt } },
  });
  await answerRepeats(tx, now, call, row.id);
}

/** By now the token is rotated: that the key was used for something else meanwhile must not undo this. */
async function answerRepeats(tx: Transaction<Tables>, now: Date, call: Attempt, connectionId: string): Promise<void> {
  const { caller, key } = call;
  if (key === null || (await claimIdempotency(tx, { ...call, key, now })) !== 'new') return;
  await storeIdempotencyResult(tx, { caller, key, result: { connectionId } });
}
