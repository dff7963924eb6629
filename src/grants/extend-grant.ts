import type { Transaction } from 'kysely';
import { refuse } from '../errors.ts';
import { changeGrant } from '../store/grants.ts';
import type { GrantRow } from '../store/grants.ts';
import { keyAtRest, lockKey } from '../store/ledger.ts';
import type { Tables } from '../store/tables.ts';
import { auditGrant } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import { checkEligible } from './eligibility.ts';
import { requireGrant, usableConnection } from './grant-access.ts';
import { lookSoon } from './look.ts';
import { earlierResult, once } from './once.ts';
import type { Call } from './once.ts';
import { checkReason } from './policy.ts';
import type { Reconciler } from './reconciler.ts';
import { resolveTarget, resolveUser } from './resolve.ts';
import type { ExtendInput } from './service.ts';
import type { GrantSettings } from './settings.ts';
import { loadState } from './state.ts';
import { workUntil } from './waiting.ts';

/** The end that is asked for, within what is allowed since activation. Throws `Refusal`. */
export function extendedDue(grant: GrantRow, input: ExtendInput, settings: GrantSettings): Date {
  if (grant.dueAt === null) {
    throw refuse('INVALID_INPUT', 'This grant has no end, so it cannot be extended. Revoke it to end it.', ['grantId']);
  }
  if ((input.durationMs === null) === (input.expiresAt === null)) {
    throw refuse('INVALID_INPUT', 'Give either duration (added to the present end) or expiresAt.', ['duration']);
  }
  const field = input.durationMs === null ? 'expiresAt' : 'duration';
  const due = input.expiresAt ?? new Date(grant.dueAt.getTime() + (input.durationMs ?? 0));
  if (due <= grant.dueAt) {
    throw refuse('INVALID_INPUT', 'That is not later than the present end. To end a grant earlier, revoke it.', [
      field,
    ]);
  }
  const totalMs = due.getTime() - (grant.activatedAt ?? grant.requestedAt).getTime();
  if (totalMs <= settings.maxDurationMs) return due;
  const hours = String(Math.round(settings.maxDurationMs / 360_000) / 10);
  throw refuse(
    'DURATION_NOT_ALLOWED',
    `A grant may last ${hours} hours in all, extensions included. Ask for a new grant.`,
    [field],
  );
}

async function extendIn(deps: GrantsDeps, tx: Transaction<Tables>, now: Date, actor: string, input: ExtendInput) {
  const found = await requireGrant(deps, input.grantId, tx);
  const key = await lockKey(tx, found.keyId);
  const { grants } = await loadState(tx, key, now, deps.settings);
  const grant = grants.find((candidate) => candidate.id === input.grantId);
  if (grant?.status === 'SCHEDULED' || grant?.status === 'ACTIVATING') {
    throw refuse('INVALID_INPUT', 'This grant is not active yet. Extend it once it is.', ['grantId']);
  }
  if (grant?.status !== 'ACTIVE') {
    throw refuse('ALREADY_ENDED', 'This grant has ended or is ending. Ask for a new one.', ['grantId']);
  }
  const dueAt = extendedDue(grant, input, deps.settings);
  await changeGrant(tx, grant.id, { dueAt });
  // The row's own end date follows in the run that this look makes (S4, S17).
  await lookSoon(deps, tx, key.id, now);
  await auditGrant(tx, now, grant, {
    action: 'GRANT_EXTENDED',
    actor,
    says: `extended until ${dueAt.toISOString()}: ${input.reason}`,
    details: { reason: input.reason, from: grant.dueAt?.toISOString() ?? null, dueAt: dueAt.toISOString() },
  });
  return { grantId: grant.id };
}

/** An extension is a new decision: what was checked for the grant is checked again as it is now (S20). Throws `Refusal`. */
async function checkStillEligible(deps: GrantsDeps, grant: GrantRow): Promise<void> {
  // Any other status is refused in the transaction that decides, and needs no word from GitLab.
  if (grant.status !== 'ACTIVE' || grant.connectionId === null) return;
  const connection = await usableConnection(deps, grant.connectionId, ['grantId']);
  const client = (await deps.clientFor(connection.id)).withPriority('grant');
  const [user, target] = await Promise.all([
    resolveUser(client, { by: 'id', id: grant.user.id }, ['grantId']),
    resolveTarget(client, { by: 'id', ref: grant.source }, ['grantId']),
  ]);
  const { accessLevel } = grant;
  await checkEligible(deps, client, { instanceId: connection.instanceId, user, target, accessLevel });
}

/** Moves a grant's end, decided before its due time or not at all (S17). Throws `Refusal`. */
export async function extendGrant(
  deps: GrantsDeps,
  reconciler: Reconciler,
  actor: string,
  asked: ExtendInput,
): Promise<GrantRow> {
  const call: Call = { actor, mutation: 'extendGrant', key: asked.idempotencyKey, input: asked };
  const earlier = await earlierResult(deps, call);
  if (earlier !== null) return requireGrant(deps, String(earlier['grantId']));
  const input = { ...asked, reason: checkReason(asked.reason) };
  await checkStillEligible(deps, await requireGrant(deps, input.grantId));
  await once(deps, call, (tx, now) => extendIn(deps, tx, now, actor, input));
  const { keyId } = await requireGrant(deps, input.grantId);
  await workUntil(deps, reconciler, [keyId], async () => keyAtRest(deps.store.db, keyId, await deps.store.clock.now()));
  return requireGrant(deps, input.grantId);
}
