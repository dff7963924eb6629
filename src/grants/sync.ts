import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { SourceRef } from '../gitlab/records.ts';
import { currentPath, groupsAbove } from './ancestors.ts';
import type { Observation } from './observe.ts';
import { toSnapshot } from './plan/interpret.ts';
import type { Decision } from './plan/types.ts';

/** Where an identity provider is linked: to the group itself, or to one above. */
export type Links = { here: boolean; above: boolean };

async function linked(client: GitLabClient, source: SourceRef): Promise<boolean> {
  try {
    const { ldapLinked, samlLinked } = await client.sourceDetail(source);
    return ldapLinked || samlLinked;
  } catch (error) {
    if (error instanceof GitLabError && (error.code === 'SOURCE_NOT_FOUND' || error.code === 'FORBIDDEN')) return false;
    throw error;
  }
}

/** Reads the links there and in the groups above. Rejects with a `GitLabError`. */
export async function readLinks(client: GitLabClient, source: SourceRef): Promise<Links> {
  if (await linked(client, source)) return { here: true, above: false };
  const fullPath = await currentPath(client, source);
  const groups = fullPath === null ? [] : await groupsAbove(client, fullPath);
  const above = await Promise.all(groups.map((group) => linked(client, { kind: 'group', id: group.id })));
  return { here: false, above: above.includes(true) };
}

/** Whether it matters who lowered the row: grants on a row of ours end for it. */
export function askWhoLowered(decision: Decision): boolean {
  return decision.ends.length > 0 && decision.notices.some((notice) => notice.code === 'LOWERED');
}

/**
 * A row of ours that LDAP or SAML took away or lowered is the identity provider's from then on (S33). A row that still stands is
 * only left as it is where LDAP marks it, or the links are right there: links above could let a temporary Owner keep a lesser role.
 */
export function leftToSync(decision: Decision, { actual, ldap }: Observation, links: Links): Decision {
  const bySync = ldap || links.here || (links.above && actual === null);
  if (!bySync) return decision;
  return {
    ...decision,
    base: actual === null ? 'absent' : toSnapshot(actual),
    ours: null,
    ends: decision.ends.map(({ grantId }) => ({ grantId, reason: 'UPSTREAM_SYNC' })),
    effects: new Map(),
    step: { do: 'nothing' },
  };
}
