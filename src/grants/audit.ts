import type { Transaction } from 'kysely';
import { appendAudit } from '../store/audit.ts';
import type { GrantRow } from '../store/grants.ts';
import type { KeyRow } from '../store/ledger.ts';
import type { RevocationRow } from '../store/revocations.ts';
import type { Tables } from '../store/tables.ts';

/** What the audit says of grants; one action for each change of state. */
export type GrantAction =
  | 'GRANT_REQUESTED'
  | 'GRANT_STARTED'
  | 'GRANT_ACTIVATED'
  | 'GRANT_EXTENDED'
  | 'GRANT_ENDING'
  | 'GRANT_ENDED'
  | 'GRANT_FAILED'
  | 'GRANT_PROBLEM'
  | 'GRANT_PROBLEM_SOLVED'
  | 'GRANT_UPDATED';

/** The name that events carry when nobody asked for what happens. */
export const GATEWAY_ACTOR = 'gatehouse';

/** "alice on acme/api": what every summary is about. */
export function placeOf(thing: { user: { username: string }; source: { path: string } }): string {
  return `${thing.user.username} on ${thing.source.path}`;
}

/** Tells of a grant's change, in the transaction that makes it (S36). */
export async function auditGrant(
  tx: Transaction<Tables>,
  at: Date,
  grant: GrantRow,
  event: { action: GrantAction; actor?: string; says: string; details?: Record<string, unknown> },
): Promise<void> {
  await appendAudit(tx, at, {
    actor: event.actor ?? GATEWAY_ACTOR,
    action: event.action,
    grantId: grant.id,
    connectionId: grant.connectionId,
    summary: `${placeOf(grant)}: ${event.says}`,
    details: {
      accessLevel: grant.accessLevel,
      memberRoleId: grant.memberRoleId,
      source: grant.source,
      user: grant.user,
      ...event.details,
    },
  });
}

/** Tells of a revocation's change (S38). */
export async function auditRevocation(
  tx: Transaction<Tables>,
  at: Date,
  revocation: RevocationRow,
  event: {
    action: 'REVOCATION_REQUESTED' | 'REVOCATION_VERIFIED' | 'REVOCATION_PROBLEM' | 'REVOCATION_PROBLEM_SOLVED';
    actor?: string;
    says: string;
    details?: Record<string, unknown>;
  },
): Promise<void> {
  await appendAudit(tx, at, {
    actor: event.actor ?? GATEWAY_ACTOR,
    action: event.action,
    revocationId: revocation.id,
    connectionId: revocation.connectionId,
    summary: `${placeOf(revocation)}: ${event.says}`,
    details: { source: revocation.source, user: revocation.user, ...event.details },
  });
}

/** Tells of the key's row in GitLab: what we write there, and what others did to it. */
export async function auditMembership(
  tx: Transaction<Tables>,
  at: Date,
  key: KeyRow,
  event: {
    action: 'MEMBERSHIP_WRITE' | 'MEMBERSHIP_CHANGED_OUTSIDE';
    connectionId: string;
    grantId: string | null;
    says: string;
    details: Record<string, unknown>;
  },
): Promise<void> {
  await appendAudit(tx, at, {
    actor: GATEWAY_ACTOR,
    action: event.action,
    grantId: event.grantId,
    connectionId: event.connectionId,
    summary: `${placeOf(key)}: ${event.says}`,
    details: { source: key.source, user: key.user, ...event.details },
  });
}
