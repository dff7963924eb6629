import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import { changeGrant } from '../store/grants.ts';
import type { Noted } from '../store/residue.ts';
import type { GrantsDeps } from './deps.ts';
import type { KeyState } from './state.ts';

/** A grant that could not start at once is noted anew, or what others made meanwhile would pass for new since it began. */
const FRESH_MS = 60_000;

const isNoted = (noted: Noted | null, now: Date): boolean =>
  noted !== null && now.getTime() - Date.parse(noted.at) <= FRESH_MS;

/** What cannot be read is left out: noting never keeps a grant from starting. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof GitLabError) return null;
    throw error;
  }
}

async function read(client: GitLabClient, { key }: KeyState, now: Date): Promise<Noted> {
  const project = key.source.kind === 'project';
  const [tokens, keys, inForce] = await Promise.all([
    orNull(client.deployTokens(key.source)),
    project ? orNull(client.deployKeys(key.source.id)) : null,
    project ? orNull(client.inForceOnProject(key.source.id, key.user)) : null,
  ]);
  return {
    at: now.toISOString(),
    deployTokens: tokens?.map(({ id }) => id) ?? null,
    deployKeys: keys?.map(({ id, canPush }) => ({ id, canPush })) ?? null,
    inForce,
    alerted: false,
  };
}

/**
 * Notes what the group or project holds before anything is written for a grant, so that its end can tell what is new, and whether
 * the person had access by another path (S35, S40). Once for each grant, and again while it waits for its first write.
 */
export async function noteBefore(deps: GrantsDeps, client: GitLabClient, state: KeyState): Promise<void> {
  if (state.key.intent !== null) return;
  const now = await deps.store.clock.now();
  const fresh = state.grants.filter((grant) => grant.status === 'ACTIVATING' && !isNoted(grant.noted, now));
  if (fresh.length === 0) return;
  const noted = await read(client, state, now);
  await deps.store.transaction(async (tx) => {
    for (const grant of fresh) await changeGrant(tx, grant.id, { noted });
  });
}
