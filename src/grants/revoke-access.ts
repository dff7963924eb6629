import { refuse } from '../errors.ts';
import type { GitLabClient } from '../gitlab/client.ts';
import type { SourceRecord, UserRecord } from '../gitlab/records.ts';
import type { GrantRow } from '../store/grants.ts';
import { findGrants } from '../store/grants.ts';
import { gatewayUserIds } from '../store/instances.ts';
import { changeKey, lockKey, lockKeyAt } from '../store/ledger.ts';
import { findRevocation, insertRevocation } from '../store/revocations.ts';
import { auditRevocation } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import { abandonGrant, endGrant } from './end-grants.ts';
import { requireGrant } from './grant-access.ts';
import { checkLastOwner } from './last-owner.ts';
import { topRow } from './observe.ts';
import { toSnapshot } from './plan/interpret.ts';
import { lookSoon } from './look.ts';
import { earlierResult, once } from './once.ts';
import type { Call } from './once.ts';
import { checkManageable, checkReason } from './policy.ts';
import type { Reconciler } from './reconciler.ts';
import { resolveTarget, resolveUser } from './resolve.ts';
import type { RevokeInput, Revoked } from './service.ts';
import { loadState } from './state.ts';
import { workUntil } from './waiting.ts';

type Made = { grantIds: string[]; revocationId: string | null };

const readMade = (made: Record<string, unknown>): Made => {
  const { grantIds, revocationId } = made;
  return {
    grantIds: Array.isArray(grantIds) ? grantIds.map(String) : [],
    revocationId: typeof revocationId === 'string' ? revocationId : null,
  };
};

/** Its end rests on a read: not cancelled before anything was sent, not abandoned (S18, S29). */
function provenEnded({ status, verifiedAt, endedAt }: GrantRow): boolean {
  return status === 'ENDED' && verifiedAt !== null && endedAt !== null && verifiedAt >= endedAt;
}

/** What became of it, as of now. */
async function answer(deps: GrantsDeps, made: Made): Promise<Revoked> {
  const grants = await findGrants(deps.store.db, made.grantIds);
  const revocation = made.revocationId === null ? null : await findRevocation(deps.store.db, made.revocationId);
  const place = revocation ?? grants[0];
  if (place === undefined) throw refuse('NOT_FOUND', 'There is no such grant.', ['access', 'grantId']);
  const open = grants.find((grant) => grant.status !== 'ENDED' && grant.status !== 'FAILED');
  const unproven = grants.find((grant) => !provenEnded(grant));
  const grantsVerifiedAt = unproven === undefined ? (grants[0]?.verifiedAt ?? null) : null;
  return {
    grants,
    revocation,
    verifiedAt: revocation === null ? grantsVerifiedAt : revocation.verifiedAt,
    problem: revocation?.problem ?? open?.problem ?? null,
    key: { connectionId: place.connectionId, source: place.source, userId: place.user.id },
  };
}

function over(grants: readonly GrantRow[]): boolean {
  return grants.every((grant) => grant.status === 'ENDED' || grant.status === 'FAILED' || grant.problem !== null);
}

async function workOff(deps: GrantsDeps, reconciler: Reconciler, made: Made): Promise<Revoked> {
  const first = await answer(deps, made);
  const keyIds = [...new Set([first.revocation?.keyId ?? first.grants[0]?.keyId].filter((id) => id !== undefined))];
  await workUntil(deps, reconciler, keyIds, async () => {
    const { grants, revocation } = await answer(deps, made);
    return over(grants) && (revocation === null || revocation.verifiedAt !== null || revocation.problem !== null);
  });
  return answer(deps, made);
}

async function revokeGrant(deps: GrantsDeps, call: Call, input: RevokeInput & { grantId: string }): Promise<Made> {
  const made = await once(deps, call, async (tx, now): Promise<Made> => {
    const found = await requireGrant(deps, input.grantId, tx);
    const state = await loadState(tx, await lockKey(tx, found.keyId), now, deps.settings);
    const grant = state.grants.find((candidate) => candidate.id === input.grantId);
    if (grant === undefined) {
      throw refuse('ALREADY_ENDED', 'This grant has ended already.', ['access', 'grantId']);
    }
    const ending = { actor: call.actor, reason: input.reason, now };
    if (input.abandon) await abandonGrant(tx, state, grant, ending);
    else await endGrant(deps, tx, state, grant, ending);
    return { grantIds: [grant.id], revocationId: null };
  });
  return readMade(made);
}

type Membership = { connectionId: string; instanceId: string; user: UserRecord; target: SourceRecord };

/** Whose membership it is and whether it may be taken; nothing is stored before (S38). Throws `Refusal`. */
async function checkMembership(
  deps: GrantsDeps,
  client: GitLabClient,
  ref: Extract<RevokeInput['access'], { by: 'membership' }>,
  instanceId: string,
): Promise<Membership> {
  const field = ['access', 'membership'];
  const [user, target] = await Promise.all([
    resolveUser(client, ref.user, [...field, 'user']),
    resolveTarget(client, ref.target, [...field, 'target']),
  ]);
  const [detail, { rows }, ours] = await Promise.all([
    client.sourceDetail(target),
    client.directRows(target, [user.id]),
    gatewayUserIds(deps.store.db, instanceId),
  ]);
  checkManageable(user, ours, detail, [...field, 'user']);
  await checkLastOwner(client, target, user, topRow(rows), [...field, 'user']);
  return { connectionId: ref.connectionId, instanceId, user, target };
}

async function revokeMembership(
  deps: GrantsDeps,
  call: Call,
  input: RevokeInput,
  membership: Membership,
): Promise<Made> {
  const { connectionId, instanceId, user, target } = membership;
  const made = await once(deps, call, async (tx, now): Promise<Made> => {
    const source = { kind: target.kind, id: target.id, path: target.fullPath };
    const state = await loadState(tx, await lockKeyAt(tx, { instanceId, source, user }), now, deps.settings);
    const ending = { actor: call.actor, reason: input.reason, now };
    for (const grant of state.grants) await endGrant(deps, tx, state, grant, ending);
    const { key } = state;
    const known = key.ours ?? (key.base === 'absent' ? null : key.base);
    const removed = known === null ? null : toSnapshot(known);
    await changeKey(tx, key.id, { base: 'absent' });
    const decision = {
      keyId: key.id,
      connectionId,
      requestedBy: call.actor,
      reason: input.reason,
      requestedAt: now,
      removed,
    };
    const revocationId = await insertRevocation(tx, decision);
    await lookSoon(deps, tx, key.id, now);
    const stored = await findRevocation(tx, revocationId);
    if (stored === null) throw new Error('A revocation that was just stored cannot be read.');
    await auditRevocation(tx, now, stored, {
      action: 'REVOCATION_REQUESTED',
      actor: call.actor,
      says: `the direct membership shall go: ${input.reason}`,
      details: { reason: input.reason, grantIds: state.grants.map((grant) => grant.id) },
    });
    return { grantIds: state.grants.map((grant) => grant.id), revocationId };
  });
  return readMade(made);
}

/**
 * Ends a grant, or takes any direct membership away for good (S18, S38). Answers when a read of GitLab proved it, or after
 * 5 s with the problem: what is not proven stays due. Throws `Refusal`.
 */
export async function revokeAccess(
  deps: GrantsDeps,
  reconciler: Reconciler,
  actor: string,
  asked: RevokeInput,
): Promise<Revoked> {
  const call: Call = { actor, mutation: 'revokeAccess', key: asked.idempotencyKey, input: asked };
  const earlier = await earlierResult(deps, call);
  if (earlier !== null) return answer(deps, readMade(earlier));
  const input = { ...asked, reason: checkReason(asked.reason) };
  const { access } = input;
  if (access.by === 'grant') {
    return workOff(deps, reconciler, await revokeGrant(deps, call, { ...input, grantId: access.grantId }));
  }
  if (input.abandon) {
    throw refuse('INVALID_INPUT', 'abandon ends a grant; name the grant by grantId.', ['abandon']);
  }
  const connection = await deps.connection(access.connectionId);
  if (connection === null)
    throw refuse('NOT_FOUND', 'There is no such connection.', ['access', 'membership', 'connectionId']);
  const client = (await deps.clientFor(connection.id)).withPriority('revoke');
  const membership = await checkMembership(deps, client, access, connection.instanceId);
  return workOff(deps, reconciler, await revokeMembership(deps, call, input, membership));
}
