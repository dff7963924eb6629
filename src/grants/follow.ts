import type { GitLabClient } from '../gitlab/client.ts';
import { changeGrant, findGrant } from '../store/grants.ts';
import type { GrantChange, GrantRow } from '../store/grants.ts';
import { gatewayUserIds } from '../store/instances.ts';
import { claimFollowUps } from '../store/residue.ts';
import { raiseAlert } from './alerts.ts';
import { auditGrant } from './audit.ts';
import type { GrantsDeps } from './deps.ts';
import { readResidue } from './residue.ts';

const BATCH = 100;
const TAKE_OVER_AFTER_MS = 60_000;
const OFTEN_MS = 2_000;
const SELDOM_MS = 60_000;
/** GitLab's queue is not believed to take longer (S40). */
const ALERT_AFTER_MS = 600_000;

type Found = { change: GrantChange; says: string | null; alert: string | null };

/** Whether presence in the project's authorisations tells of this grant's row: another path gave no access before (S40). */
const toldByPresence = (grant: GrantRow): boolean =>
  grant.source.kind === 'project' &&
  grant.noted?.inForce === false &&
  (grant.effect === 'ADDED' || grant.effect === 'RAISED');

/** Asks for the grant to be followed up: after it became active, and after it ended. */
export const followFrom = (now: Date): Pick<GrantChange, 'followAt'> => ({ followAt: now });

function notYet(grant: GrantRow, now: Date, since: Date | null, what: string): Found {
  const waitedMs = now.getTime() - (since ?? now).getTime();
  const late = waitedMs >= ALERT_AFTER_MS;
  const followAt = new Date(now.getTime() + (late ? SELDOM_MS : OFTEN_MS));
  if (!late || grant.noted === null || grant.noted.alerted) return { change: { followAt }, says: null, alert: null };
  return { change: { followAt, noted: { ...grant.noted, alerted: true } }, says: what, alert: what };
}

async function whileActive(client: GitLabClient, grant: GrantRow, now: Date): Promise<Found> {
  if (!toldByPresence(grant) || grant.inForceAt !== null)
    return { change: { followAt: null }, says: null, alert: null };
  if (await client.inForceOnProject(grant.source.id, grant.user)) {
    const says = "in force: the project's authorisations show the person";
    return { change: { followAt: null, inForceAt: now }, says, alert: null };
  }
  return notYet(grant, now, grant.activatedAt, "GitLab's access still does not follow the membership");
}

async function onceEnded(deps: GrantsDeps, client: GitLabClient, grant: GrantRow, now: Date): Promise<Found> {
  if (grant.residue === null) {
    const residue = await readResidue(client, grant, {
      now,
      gatewayUserIds: await gatewayUserIds(deps.store.db, grant.instanceId),
    });
    const outOfForce = toldByPresence(grant) && residue.remainingPaths.length === 0;
    const level = residue.remainingLevel === null ? 'unknown' : String(residue.remainingLevel);
    const says = `what outlives it: level ${level} by other paths, ${String(residue.items.length)} new things${residue.complete ? '' : ', not all could be read'}`;
    const noted = grant.noted === null ? null : { ...grant.noted, alerted: false };
    return { change: { residue, noted, followAt: outOfForce ? now : null }, says, alert: null };
  }
  if (!(await client.inForceOnProject(grant.source.id, grant.user))) {
    const says = "no longer in force: the project's authorisations do not show the person";
    return { change: { followAt: null }, says, alert: null };
  }
  return notYet(grant, now, grant.endedAt, "GitLab's access still does not follow the removed membership");
}

async function follow(deps: GrantsDeps, grantId: string): Promise<void> {
  const grant = await findGrant(deps.store.db, grantId);
  if (grant === null) return;
  const ended = grant.status === 'ENDED';
  if (grant.connectionId === null || (!ended && grant.status !== 'ACTIVE')) {
    await deps.store.transaction((tx) => changeGrant(tx, grantId, { followAt: null }));
    return;
  }
  const client = (await deps.clientFor(grant.connectionId)).withPriority('query');
  const now = await deps.store.clock.now();
  const { change, says, alert } = ended
    ? await onceEnded(deps, client, grant, now)
    : await whileActive(client, grant, now);
  await deps.store.transaction(async (tx) => {
    const fresh = await findGrant(tx, grantId);
    // It ended while this was read: what follows its end was asked for then, and is kept.
    if (fresh?.status !== grant.status) return;
    await changeGrant(tx, grantId, change);
    const { residue } = change;
    if (says !== null) {
      const details = residue === undefined || residue === null ? {} : { residue };
      await auditGrant(tx, now, fresh, { action: 'GRANT_UPDATED', says, details });
    }
  });
  if (alert !== null) raiseAlert(deps, 'NOT_IN_FORCE', { ...grant, grantId }, alert);
}

/**
 * Follows up what is due: whether access came into force on projects and went again (S40), and what outlives a grant (S10, S16,
 * S35). It only reads GitLab, beside all work on memberships, and what fails is tried again a minute later.
 */
export function createFollowUps(deps: GrantsDeps): () => Promise<void> {
  return async () => {
    const now = await deps.store.clock.now();
    const until = new Date(now.getTime() + TAKE_OVER_AFTER_MS);
    for (const grantId of await claimFollowUps(deps.store.db, now, until, BATCH)) {
      try {
        await follow(deps, grantId);
      } catch (error) {
        deps.log.warn({ err: error, grantId }, 'A grant could not be followed up; tried again in a minute.');
      }
    }
  };
}
