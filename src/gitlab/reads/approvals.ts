import { z } from 'zod';
import type { PageRequest } from '../client.ts';
import { GitLabError } from '../errors.ts';
import { everyEntry } from '../every-entry.ts';
import { GroupApprovalsDocument, ProjectApprovalsDocument } from '../generated/operations.ts';
import { atLeast } from '../graphql/knowledge.ts';
import { nodesOf, pageOf } from '../parse/answers.ts';
import { gid, gidNumber } from '../parse/gid.ts';
import type { Page, PendingApproval, SourceRef } from '../records.ts';
import type { Session } from '../session.ts';
import { readConnection } from './connection.ts';

const MOST_PAGES = 50;

const someone = z.object({ id: gidNumber }).nullable();
const approval = z
  .object({
    user: someone,
    requestedBy: someone,
    newAccessLevel: z.object({ integerValue: z.int().nullable() }).nullable(),
    memberRoleId: z.string().nullable(),
  })
  .transform(({ user, requestedBy, newAccessLevel, memberRoleId }): PendingApproval | null => {
    const accessLevel = newAccessLevel?.integerValue ?? null;
    if (user === null || accessLevel === null) return null;
    const roleId = memberRoleId === null ? null : (/\d+$/.exec(memberRoleId)?.[0] ?? null);
    return { userId: user.id, accessLevel, memberRoleId: roleId, requestedById: requestedBy?.id ?? null };
  });
const source = z.object({ id: gidNumber, pendingMemberApprovals: pageOf(approval).nullable() });
const nodes = nodesOf(source);
const inGroup = z
  .object({ groups: z.object({ nodes }).nullable() })
  .transform((answer) => answer.groups?.nodes[0]?.pendingMemberApprovals ?? null);
const inProject = z
  .object({ projects: z.object({ nodes }).nullable() })
  .transform((answer) => answer.projects?.nodes[0]?.pendingMemberApprovals ?? null);

const NO_LIST: Page<PendingApproval> = { items: [], hasNextPage: false, endCursor: null, totalCount: null };

async function onePage(session: Session, ref: SourceRef, page: PageRequest): Promise<Page<PendingApproval> | null> {
  const asked = { count: 1, ...page };
  return ref.kind === 'group'
    ? readConnection(session, {
        document: GroupApprovalsDocument,
        variables: { ids: [gid('Group', ref.id)], ...asked },
        schema: inGroup,
      })
    : readConnection(session, {
        document: ProjectApprovalsDocument,
        variables: { ids: [gid('Project', ref.id)], ...asked },
        schema: inProject,
      });
}

/** What waits for an administrator's approval in a group or project; null where there is no such list (docs/gitlab.md §promotions). */
export async function pendingApprovals(session: Session, ref: SourceRef): Promise<PendingApproval[] | null> {
  await session.learn();
  if (!atLeast(session.knowledge, 17, 6)) {
    throw new GitLabError('UNREADABLE', 'This version of GitLab does not tell by number what waits for approval.');
  }
  const pages: (Page<PendingApproval> | null)[] = [];
  const entries = await everyEntry(async (page) => {
    const found = await onePage(session, ref, page);
    pages.push(found);
    return found ?? NO_LIST;
  }, MOST_PAGES);
  return pages.includes(null) ? null : entries;
}
