import type { Transaction } from 'kysely';
import { changeGrant } from '../store/grants.ts';
import type { GrantRow } from '../store/grants.ts';
import type { Tables } from '../store/tables.ts';
import { auditGrant } from './audit.ts';
import type { Trouble } from './problems.ts';

/** The grant never became active and GitLab holds nothing of it. */
export async function failGrant(tx: Transaction<Tables>, grant: GrantRow, now: Date, trouble: Trouble): Promise<void> {
  const { code, message, userErrorCode: refusalCode } = trouble;
  const problem = { code, message, since: now, nextAttemptAt: null };
  await changeGrant(tx, grant.id, { status: 'FAILED', endedAt: now, problem, refusalCode });
  await auditGrant(tx, now, grant, { action: 'GRANT_FAILED', says: message, details: { code, refusalCode } });
}
