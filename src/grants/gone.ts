import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { SourceRef } from '../gitlab/records.ts';
import type { KeyRow, Lease } from '../store/ledger.ts';
import { datePassed } from './backstop.ts';
import { endGone, endInactive } from './closing.ts';
import type { GrantsDeps } from './deps.ts';
import type { Observation } from './observe.ts';
import { lookAtPerson } from './person.ts';
import type { PersonSeen } from './person.ts';
import type { Decision } from './plan/types.ts';
import { asGitLabError } from './problems.ts';
import type { KeyState } from './state.ts';

/** A date is over everywhere half a day after it is over in UTC. */
const HALF_A_DAY_MS = 12 * 3_600_000;

const NOBODY = 'GitLab has no such user any more, and no membership of theirs there';

/** Ends what cannot go on for the person's sake (S27, S28). `again`: an end began, and the row must go back. */
export async function endForPerson(
  deps: GrantsDeps,
  lease: Lease,
  state: KeyState,
  seen: { person: PersonSeen; observation: Observation },
): Promise<'again' | 'done' | 'none'> {
  if (seen.person === 'inactive') {
    await endInactive(deps, lease, state);
    return 'again';
  }
  if (seen.person !== 'gone' || seen.observation.actual !== null) return 'none';
  await endGone(deps, lease, state, NOBODY);
  return 'done';
}

/**
 * A base that is gone would be made again for grants that are over: only for somebody who still is there (S28). True: nobody is, and
 * all is over. Rejects with a `GitLabError`.
 */
export async function endForNobody(
  deps: GrantsDeps,
  lease: Lease,
  client: GitLabClient,
  { state, decision }: { state: KeyState; decision: Decision },
): Promise<boolean> {
  if (decision.step.do !== 'add' || decision.effects.size > 0) return false;
  if ((await lookAtPerson(client, state.key.user.id, null)) !== 'gone') return false;
  await endGone(deps, lease, state, NOBODY);
  return true;
}

/** A read of the group or project is answered with "not found". */
async function notFound(client: GitLabClient, source: SourceRef): Promise<boolean> {
  try {
    await client.sourceDetail(source);
    return false;
  } catch (error) {
    if (error instanceof GitLabError && error.code === 'SOURCE_NOT_FOUND') return true;
    throw error;
  }
}

/**
 * A 404 after it, or a group above, was seen marked for deletion by a date that has passed in every time zone; else one to a token
 * that has just proven an administrator's rights. Any other 404 may be lost sight.
 */
async function provenGone(client: GitLabClient, { source, place }: KeyRow, now: Date): Promise<boolean> {
  if (datePassed(place?.deletesOn ?? null, new Date(now.getTime() - HALF_A_DAY_MS))) return notFound(client, source);
  const { id } = await client.currentUser();
  return (await client.probeAdmin(id)) && (await notFound(client, source));
}

/**
 * A look met `error`: where the group or project is proven to be gone, all that rests on the key is over (S29), and the answer
 * is null; else it is why the look cannot be finished.
 */
export async function endIfGone(
  deps: GrantsDeps,
  lease: Lease,
  client: GitLabClient,
  state: KeyState,
  error: GitLabError,
): Promise<GitLabError | null> {
  if (error.code !== 'SOURCE_NOT_FOUND') return error;
  const { source } = state.key;
  try {
    if (!(await provenGone(client, state.key, await deps.store.clock.now()))) return error;
  } catch (cause) {
    return asGitLabError(cause);
  }
  await endGone(deps, lease, state, `GitLab has no such ${source.kind} any more`);
  return null;
}
