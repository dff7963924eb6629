import { z } from 'zod';
import type { AddOutcome, RoleWrite } from '../client.ts';
import { GitLabError } from '../errors.ts';
import { isNumericId } from '../parse/gid.ts';
import { directRow } from '../parse/members.ts';
import { parseBody } from '../parse/rest.ts';
import type { DirectRow, SourceRef } from '../records.ts';
import { chunks } from '../reads/results.ts';
import { restRead, sourcePath } from '../session.ts';
import type { Session } from '../session.ts';
import type { HttpResponse } from '../transport.ts';
import { LARGEST_PAGE } from './paging.ts';

/** Users asked for at once: half a page, so that two rows each still fit. */
const USERS = 50;
const MAX_PAGES = 100;

function membersPath(source: SourceRef): string {
  return `${sourcePath(source)}/members`;
}

function memberPath(source: SourceRef, userId: string): string {
  return `${membersPath(source)}/${encodeURIComponent(userId)}`;
}

type Reading = { rows: DirectRow[]; readAt: Date };

async function rowsOf(session: Session, source: SourceRef, userIds: readonly string[]): Promise<Reading> {
  const rows: DirectRow[] = [];
  let readAt: Date | null = null;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const query = { user_ids: userIds, per_page: LARGEST_PAGE, page };
    const response = await session.exchange.read(
      restRead(session, { path: membersPath(source), query, subject: 'source' }),
    );
    readAt ??= response.date ?? session.now();
    rows.push(...parseBody(response, z.array(directRow)).filter((row) => userIds.includes(row.userId)));
    if (!/^\d+$/.test(response.headers['x-next-page'] ?? '')) return { rows, readAt };
  }
  throw new GitLabError('UNREADABLE', 'The list of members does not end.');
}

/**
 * Direct rows of these users, two for one user if GitLab holds two. That a user is not among them proves that there is no row,
 * which a 404 would not (docs/gitlab.md §direct rows). `readAt` is GitLab's clock at the first of the answers.
 */
export async function directRows(session: Session, source: SourceRef, userIds: readonly string[]): Promise<Reading> {
  const wanted = [...new Set(userIds)].filter(isNumericId);
  const readings = await Promise.all(chunks(wanted, USERS).map(async (some) => rowsOf(session, source, some)));
  const times = readings.map((reading) => reading.readAt.getTime());
  return {
    rows: readings.flatMap((reading) => reading.rows),
    readAt: times.length === 0 ? session.now() : new Date(Math.min(...times)),
  };
}

/** A success that is none: GitLab answers some refusals with 201 and says so in the body (docs/gitlab.md §add member). */
const refusedService = z
  .object({
    status: z.string().optional(),
    http_status: z.unknown().optional(),
    message: z.unknown(),
    reason: z.string().optional(),
  })
  .refine((body) => body.status === 'error' || body.http_status !== undefined);

function outcomeOf(response: HttpResponse, userId: string): AddOutcome {
  if (response.status === 202) return 'queued';
  const body = parseBody(response, z.unknown(), false);
  const refused = refusedService.safeParse(body);
  if (refused.success) {
    const { message, reason } = refused.data;
    throw new GitLabError('INVALID', 'GitLab refuses the values.', {
      status: response.status,
      ...(typeof message === 'string' ? { text: message } : {}),
      ...(reason === undefined ? {} : { reason }),
    });
  }
  const row = parseBody(response, directRow, false);
  if (row.userId !== userId)
    throw new GitLabError('UNREADABLE', 'GitLab answered with the membership of another user.');
  return 'sent';
}

function numericOrNull(id: string | null): number | null {
  return id === null ? null : Number(id);
}

export type NewRow = RoleWrite & { expiresAt: string | null };
export type ChangedRow = RoleWrite & { expiresAt?: string | null };

/** Adds one user. Sent once; the answer proves nothing, only a read does. */
export async function addMember(
  session: Session,
  source: SourceRef,
  userId: string,
  role: NewRow,
): Promise<AddOutcome> {
  const json = {
    user_id: Number(userId),
    access_level: role.accessLevel,
    ...(role.expiresAt === null ? {} : { expires_at: role.expiresAt }),
    ...(role.memberRoleId === null ? {} : { member_role_id: numericOrNull(role.memberRoleId) }),
  };
  const timeoutMs = session.timeouts.write;
  const path = membersPath(source);
  return outcomeOf(await session.exchange.write({ method: 'POST', path, json, timeoutMs, subject: 'member' }), userId);
}

/** Changes a direct row. Level and custom role go together, for a role holds on to its level (docs/gitlab.md §change member). */
export async function changeMember(
  session: Session,
  source: SourceRef,
  userId: string,
  role: ChangedRow,
): Promise<AddOutcome> {
  const json = {
    access_level: role.accessLevel,
    member_role_id: numericOrNull(role.memberRoleId),
    ...(role.expiresAt === undefined ? {} : { expires_at: role.expiresAt }),
  };
  const timeoutMs = session.timeouts.write;
  const path = memberPath(source, userId);
  return outcomeOf(await session.exchange.write({ method: 'PUT', path, json, timeoutMs, subject: 'member' }), userId);
}

/** How long removals at this source have to wait: GitLab counts them for each (docs/gitlab.md §rate limits). */
export function removalWaitMs(session: Session, source: SourceRef): number | null {
  return session.exchange.waitMs({ method: 'DELETE', path: memberPath(source, '0') });
}

/** Takes a direct row and nothing below it. GitLab compares the date to the second, so it is rounded up. */
export async function removeMember(
  session: Session,
  source: SourceRef,
  userId: string,
  { ifUnmodifiedSince }: { ifUnmodifiedSince: Date | null },
): Promise<void> {
  const headers: Record<string, string> = {};
  if (ifUnmodifiedSince !== null) {
    headers['if-unmodified-since'] = new Date(Math.ceil(ifUnmodifiedSince.getTime() / 1000) * 1000).toUTCString();
  }
  const response = await session.exchange.write({
    method: 'DELETE',
    path: memberPath(source, userId),
    query: { skip_subresources: true, unassign_issuables: false },
    headers,
    timeoutMs: session.timeouts.write,
    subject: 'member',
  });
  if (response.status !== 204) {
    throw new GitLabError('UNREADABLE', 'GitLab did not say that the membership is gone.', { status: response.status });
  }
}
