import { z } from 'zod';
import { dateOnly } from '../parse/members.ts';
import { numericId, parseBody } from '../parse/rest.ts';
import type { SourceRef } from '../records.ts';
import { allRows } from '../rest/paging.ts';
import { restRead, sourcePath } from '../session.ts';
import type { Session } from '../session.ts';
import type { BulkRole, BulkShare } from './records.ts';

const MAX_PAGES = 1_000;

const roleRow = z
  .object({
    id: numericId,
    membership_state: z.string().optional(),
    member_role: z.object({ id: numericId }).nullish(),
  })
  .transform((row): BulkRole => ({
    userId: row.id,
    memberRoleId: row.member_role?.id ?? null,
    awaiting: (row.membership_state ?? 'active') !== 'active',
  }));

/** Custom role and state of each direct row, which GraphQL does not tell (docs/gitlab.md §members). */
export async function roles(session: Session, source: SourceRef): Promise<BulkRole[]> {
  return allRows(session, { path: `${sourcePath(source)}/members`, subject: 'source' }, roleRow, MAX_PAGES);
}

const pendingRow = z.object({ username: z.string().nullable(), invited: z.boolean() });

/**
 * Usernames of those who have a row that waits for a seat somewhere in the tree of a top-level group: one row is named for each
 * person, and not where it is (docs/gitlab.md §pending members).
 */
export async function waitingPeople(session: Session, rootPath: string): Promise<string[]> {
  const path = `/api/v4/groups/${encodeURIComponent(rootPath)}/pending_members`;
  const rows = await allRows(session, { path, subject: 'source' }, pendingRow, MAX_PAGES);
  return rows.flatMap(({ invited, username }) => (invited || username === null ? [] : [username]));
}

const shared = z.object({
  shared_with_groups: z.array(
    z
      .object({
        group_id: numericId,
        group_full_path: z.string(),
        group_access_level: z.int(),
        expires_at: dateOnly.nullish(),
        member_role_id: numericId.nullish(),
      })
      .transform((link): BulkShare => ({
        groupId: link.group_id,
        groupFullPath: link.group_full_path,
        maxLevel: link.group_access_level,
        memberRoleId: link.member_role_id ?? null,
        expiresAt: link.expires_at ?? null,
      })),
  ),
});

/** The groups invited into a source; a group's projects are not asked for along with it (docs/gitlab.md §shares). */
export async function shares(session: Session, source: SourceRef): Promise<BulkShare[]> {
  const query = source.kind === 'group' ? { with_projects: false } : {};
  const call = restRead(session, { path: sourcePath(source), query, subject: 'source' });
  return parseBody(await session.exchange.read(call), shared).shared_with_groups;
}
