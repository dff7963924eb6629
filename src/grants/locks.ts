import { refuse } from '../errors.ts';
import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { SourceDetail } from '../gitlab/records.ts';
import type { GrantSettings } from './settings.ts';

const ROWS_TO_LOOK_AT = 20;

/** A group's membership lock holds for the projects right in it (docs/gitlab.md §add member). */
async function lockedByGroup(client: GitLabClient, target: SourceDetail): Promise<boolean> {
  if (target.namespace?.kind !== 'group') return false;
  try {
    return (await client.sourceDetail({ kind: 'group', id: target.namespace.id })).membershipLock === true;
  } catch (error) {
    // A group that this token may not read says nothing; GitLab itself then refuses the write.
    if (error instanceof GitLabError && (error.code === 'SOURCE_NOT_FOUND' || error.code === 'FORBIDDEN')) return false;
    throw error;
  }
}

/** Rows of a top-level group show by a key of their own that it has SAML (docs/gitlab.md §synced groups). */
async function hasSaml(client: GitLabClient, target: SourceDetail): Promise<boolean> {
  const asked = { search: null, userIds: null, first: ROWS_TO_LOOK_AT, after: null };
  return (await client.allMembers(target.ref, asked)).items.some((row) => row.samlRoot);
}

/**
 * Locks that show only in other reads: the lock of a project's group (S32), and a top-level group with SAML, from which a row
 * could not be removed again without cutting the person's sign-in (S43). Throws `Refusal` TARGET_LOCKED with the way out.
 */
export async function checkLocks(
  client: GitLabClient,
  target: SourceDetail,
  context: { addsRow: boolean; settings: GrantSettings },
): Promise<void> {
  const refusal = (why: string) => refuse('TARGET_LOCKED', `${target.fullPath} ${why}`, ['target']);
  if (await lockedByGroup(client, target)) {
    throw refusal(
      'is in a group whose membership lock is on. Grant on that group, or have the lock taken off in GitLab.',
    );
  }
  const rootGroup = target.ref.kind === 'group' && !target.fullPath.includes('/');
  if (!rootGroup || !context.addsRow || context.settings.ssoRoot === 'allow') return;
  if (await hasSaml(client, target)) {
    throw refusal(
      'has SAML single sign-on, and taking a membership from it cuts its holder off. Grant on a subgroup or project instead.',
    );
  }
}
