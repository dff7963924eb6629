import { z } from 'zod';
import { GitLabError } from '../errors.ts';
import { numericId, parseBody } from '../parse/rest.ts';
import { restGroup } from '../parse/sources.ts';
import type { GroupRecord, ShareLink, SourceDetail, SourceRef } from '../records.ts';
import { restRead, sourcePath } from '../session.ts';
import type { Session } from '../session.ts';
import { allRows } from './paging.ts';

const shares = z
  .array(
    z
      .object({
        group_id: numericId,
        group_name: z.string(),
        group_full_path: z.string(),
        group_access_level: z.int(),
        expires_at: z.string().nullish(),
      })
      .transform((link): ShareLink => ({
        groupId: link.group_id,
        groupFullPath: link.group_full_path,
        groupName: link.group_name,
        accessLevel: link.group_access_level,
        expiresAt: link.expires_at ?? null,
      })),
  )
  .optional();

const common = {
  archived: z.boolean().optional(),
  marked_for_deletion_on: z.string().nullish(),
  shared_with_groups: shares,
};

const groupDetail = z
  .intersection(restGroup, z.object({ ...common, membership_lock: z.boolean().nullish() }))
  .transform((group): SourceDetail => ({
    ref: { kind: 'group', id: group.record.id },
    fullPath: group.record.fullPath,
    webUrl: group.record.webUrl,
    archived: group.archived ?? false,
    markedForDeletionOn: group.marked_for_deletion_on ?? null,
    ldapLinked: group.ldapLinked,
    samlLinked: group.samlLinked,
    membershipLock: group.membership_lock ?? null,
    sharedWithGroups: group.shared_with_groups ?? [],
    namespace: null,
  }));

const projectDetail = z
  .object({
    ...common,
    id: numericId,
    path_with_namespace: z.string(),
    web_url: z.string(),
    namespace: z.object({ id: numericId, kind: z.enum(['group', 'user']), full_path: z.string() }),
  })
  .transform((project): SourceDetail => ({
    ref: { kind: 'project', id: project.id },
    fullPath: project.path_with_namespace,
    webUrl: project.web_url,
    archived: project.archived ?? false,
    markedForDeletionOn: project.marked_for_deletion_on ?? null,
    ldapLinked: false,
    samlLinked: false,
    membershipLock: null,
    sharedWithGroups: project.shared_with_groups ?? [],
    namespace: { kind: project.namespace.kind, id: project.namespace.id, fullPath: project.namespace.full_path },
  }));

/** A group's embedded projects are never asked for: they are slow and count against a throttle of their own. */
const LEAN = { with_projects: false };

/** REST's object of a group or project. Only named keys are kept: the rest may hold secrets such as runner tokens. */
export async function sourceDetail(session: Session, source: SourceRef): Promise<SourceDetail> {
  const query = source.kind === 'group' ? LEAN : {};
  const response = await session.exchange.read(
    restRead(session, { path: sourcePath(source), query, subject: 'source' }),
  );
  return source.kind === 'group' ? parseBody(response, groupDetail) : parseBody(response, projectDetail);
}

/** One group by number, null if it is not shown to this token. */
export async function restGroupById(session: Session, id: string): Promise<GroupRecord | null> {
  const call = restRead(session, { path: sourcePath({ kind: 'group', id }), query: LEAN, subject: 'source' });
  try {
    return parseBody(await session.exchange.read(call), restGroup).record;
  } catch (error) {
    if (error instanceof GitLabError && error.code === 'SOURCE_NOT_FOUND') return null;
    throw error;
  }
}

const MAX_REQUEST_PAGES = 20;

/** Whose access requests are pending; null where this token may not see them (docs/gitlab.md §access requests). */
export async function accessRequests(session: Session, source: SourceRef): Promise<string[] | null> {
  const row = z.object({ id: numericId });
  const call = { path: `${sourcePath(source)}/access_requests`, subject: 'source' as const };
  try {
    return (await allRows(session, call, row, MAX_REQUEST_PAGES)).map((user) => user.id);
  } catch (error) {
    if (error instanceof GitLabError && error.code === 'FORBIDDEN') return null;
    throw error;
  }
}

const MAX_MATCHES_PAGES = 10;

/**
 * Whether the person is in the project's recalculated authorisations, which alone decide about access there
 * (docs/gitlab.md §project authorisations). Found by username, recognised by id.
 */
export async function inForceOnProject(
  session: Session,
  projectId: string,
  user: { id: string; username: string },
): Promise<boolean> {
  const path = `${sourcePath({ kind: 'project', id: projectId })}/users`;
  const call = { path, query: { search: user.username }, subject: 'source' as const };
  const found = await allRows(session, call, z.object({ id: numericId }), MAX_MATCHES_PAGES);
  return found.some((candidate) => candidate.id === user.id);
}
