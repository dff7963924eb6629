import type { Transaction } from 'kysely';
import { USER_ERROR_CODES, refuse } from '../errors.ts';
import type { UserError, UserErrorCode } from '../errors.ts';
import type { GitLabClient } from '../gitlab/client.ts';
import type { SourceRecord, UserRecord } from '../gitlab/records.ts';
import { findGrant, insertGrant, unendedGrants } from '../store/grants.ts';
import type { GrantRow } from '../store/grants.ts';
import { bringLookForward, findKeyAt, lockKeyAt } from '../store/ledger.ts';
import type { Tables } from '../store/tables.ts';
import { auditGrant } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import { checkEligible } from './eligibility.ts';
import { lookSoon } from './look.ts';
import { earlierResult, once } from './once.ts';
import type { Call } from './once.ts';
import { checkLevel, checkOverOthers, checkReason, checkTimes } from './policy.ts';
import type { Reconciler } from './reconciler.ts';
import { resolveTarget, resolveUser } from './resolve.ts';
import type { GrantInput } from './service.ts';
import { workUntil } from './waiting.ts';

type Place = { instanceId: string; user: UserRecord; target: SourceRecord };

/** The connection, if grants may be made through it. Throws `Refusal`. */
export async function usableConnection(deps: GrantsDeps, connectionId: string, field: string[]) {
  const connection = await deps.connection(connectionId);
  if (connection === null) throw refuse('NOT_FOUND', 'There is no such connection.', field);
  if (connection.status === 'CONNECTED') return connection;
  const cause = connection.statusReason ?? 'its token no longer works';
  throw refuse('CONNECTION_DEGRADED', `The connection is degraded: ${cause}. Give it a working token first.`, field);
}

/** All that policy has to say before anything is stored. Throws `Refusal`, or a `GitLabError` when GitLab cannot be asked. */
async function checkPlace(
  deps: GrantsDeps,
  client: GitLabClient,
  instanceId: string,
  input: GrantInput,
): Promise<Place> {
  const [user, target] = await Promise.all([
    resolveUser(client, input.user, ['user']),
    resolveTarget(client, input.target, ['target']),
  ]);
  const row = await checkEligible(deps, client, { instanceId, user, target, accessLevel: input.accessLevel });
  const key = await findKeyAt(deps.store.db, { instanceId, source: target, userId: user.id });
  const granted = key === null ? [] : await unendedGrants(deps.store.db, key.id);
  // While grants stand, the row is ours; what a new grant is measured by is the base below it.
  const base = key?.base ?? null;
  const standing = granted.length > 0 && base !== null ? (base === 'absent' ? null : base) : row;
  const wanted = { accessLevel: input.accessLevel, memberRoleId: input.memberRoleId };
  checkOverOthers(
    wanted,
    standing,
    granted.filter((grant) => grant.status !== 'ENDING'),
  );
  return { instanceId, user, target };
}

/** Stores the intent with its audit event and job, in one transaction. */
async function store(deps: GrantsDeps, call: Call, input: GrantInput, place: Place): Promise<string> {
  const made = await once(deps, call, async (tx, now) => {
    const key = await lockKeyAt(tx, {
      instanceId: place.instanceId,
      source: { kind: place.target.kind, id: place.target.id, path: place.target.fullPath },
      user: place.user,
    });
    const scheduled = input.startsAt !== null && input.startsAt > now;
    const grantId = await insertGrant(tx, {
      keyId: key.id,
      connectionId: input.connectionId,
      accessLevel: input.accessLevel,
      memberRoleId: input.memberRoleId,
      durationMs: input.durationMs,
      untilAt: input.expiresAt,
      startsAt: input.startsAt,
      dueAt: input.expiresAt,
      reason: input.reason,
      ticket: input.ticket,
      requestedBy: call.actor,
      requestedAt: now,
      status: scheduled ? 'SCHEDULED' : 'ACTIVATING',
    });
    const grant = await findGrant(tx, grantId);
    if (grant === null) throw new Error('A grant that was just stored cannot be read.');
    if (scheduled && input.startsAt !== null) {
      await bringLookForward(tx, key.id, input.startsAt);
      await deps.jobs.lookAt(tx, key.id, input.startsAt);
    } else await lookSoon(deps, tx, key.id, now);
    await auditGrant(tx, now, grant, {
      action: 'GRANT_REQUESTED',
      actor: call.actor,
      says: `level ${String(input.accessLevel)} asked for: ${input.reason}`,
      details: { reason: input.reason, ticket: input.ticket, startsAt: input.startsAt?.toISOString() ?? null },
    });
    return { grantId };
  });
  return String(made['grantId']);
}

/** The stored grant as it is now. */
export async function requireGrant(deps: GrantsDeps, id: string, tx?: Transaction<Tables>): Promise<GrantRow> {
  const grant = await findGrant(tx ?? deps.store.db, id);
  if (grant === null) throw refuse('NOT_FOUND', 'There is no such grant.', ['grantId']);
  return grant;
}

function refusalCode({ refusalCode: code }: GrantRow): UserErrorCode {
  return USER_ERROR_CODES.find((known) => known === code) ?? 'REFUSED_BY_GITLAB';
}

/**
 * Grants access: checks, stores the intent, and answers when a read of GitLab verified it, or after 5 s with the grant
 * ACTIVATING and its problem. A grant that GitLab refuses has FAILED, with a user error that says why.
 */
export async function grantAccess(
  deps: GrantsDeps,
  reconciler: Reconciler,
  actor: string,
  asked: GrantInput,
): Promise<{ grant: GrantRow; userErrors: UserError[] }> {
  const call: Call = { actor, mutation: 'grantAccess', key: asked.idempotencyKey, input: asked };
  const earlier = await earlierResult(deps, call);
  if (earlier !== null) return { grant: await requireGrant(deps, String(earlier['grantId'])), userErrors: [] };

  const input = { ...asked, reason: checkReason(asked.reason) };
  checkTimes(input, await deps.store.clock.now(), deps.settings);
  checkLevel(input.accessLevel);
  const connection = await usableConnection(deps, input.connectionId, ['connectionId']);
  const client = (await deps.clientFor(connection.id)).withPriority('grant');
  const place = await checkPlace(deps, client, connection.instanceId, input);

  const grantId = await store(deps, call, input, place);
  const { keyId } = await requireGrant(deps, grantId);
  await workUntil(deps, reconciler, [keyId], async () => {
    const { status, problem } = await requireGrant(deps, grantId);
    return status !== 'ACTIVATING' || problem !== null;
  });
  const grant = await requireGrant(deps, grantId);
  if (grant.status !== 'FAILED') return { grant, userErrors: [] };
  const message = grant.problem?.message ?? 'GitLab refuses the change.';
  return { grant, userErrors: [{ code: refusalCode(grant), message, field: null }] };
}
