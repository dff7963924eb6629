import { z } from 'zod';
import type { Call, MemberRow } from './gitlab.ts';

const target = z.object({
  accessLevel: z.number(),
  memberRoleId: z.string().nullable(),
  expiresAt: z.string().nullable(),
});
const intentSchema = z.object({ at: z.string(), want: z.union([z.object({ absent: z.literal(true) }), target]) });

/** One key as the store holds it at a moment. */
export const keySchema = z.object({
  source_kind: z.enum(['group', 'project']),
  source_id: z.string(),
  user_id: z.string(),
  lease_owner: z.string().nullable(),
  intent: intentSchema.nullable(),
});
export type KeySeen = z.output<typeof keySchema>;

/** What a key was between when the process that worked on it was killed. */
export const GAPS = ['intent and write', 'write and read-back', 'read-back and commit'] as const;
export type Gap = (typeof GAPS)[number];

/** Keys whose lease the process holds, or died with. */
export function heldBy(keys: readonly KeySeen[], pid: number): KeySeen[] {
  return keys.filter((key) => key.lease_owner?.split(':').at(-2) === String(pid));
}

/**
 * In which gap a key is, told from its stored intent, GitLab's table and GitLab's calls: null where no write is planned. A write
 * shows in the row; a read-back is a read of this user's row that was answered after it.
 */
export function gapOf(key: KeySeen, rows: readonly MemberRow[], calls: readonly Call[]): Gap | null {
  if (key.intent === null) return null;
  const writtenAt = whenWritten(key, key.intent, rows, calls);
  if (writtenAt === null) return 'intent and write';
  const path = membersPath(key);
  const readBack = calls.some((call) => {
    const users = new URLSearchParams(call.query).getAll('user_ids[]');
    return (
      call.method === 'GET' &&
      call.path === path &&
      call.status === 200 &&
      users.includes(key.user_id) &&
      call.at > writtenAt
    );
  });
  return readBack ? 'read-back and commit' : 'write and read-back';
}

function membersPath(key: KeySeen): string {
  return `/api/v4/${key.source_kind}s/${key.source_id}/members`;
}

/** When GitLab committed what the intent wants; null: it has not. */
function whenWritten(
  key: KeySeen,
  { at, want }: z.output<typeof intentSchema>,
  rows: readonly MemberRow[],
  calls: readonly Call[],
): string | null {
  const row = rows.find(
    (one) =>
      one.sourceKind.toLowerCase() === key.source_kind &&
      String(one.sourceId) === key.source_id &&
      String(one.userId) === key.user_id,
  );
  if ('absent' in want) {
    if (row !== undefined) return null;
    const path = `${membersPath(key)}/${key.user_id}`;
    const deleted = calls.findLast((call) => call.method === 'DELETE' && call.path === path && call.at >= at);
    return deleted?.at ?? at;
  }
  const roleId = row?.memberRoleId ?? null;
  const same =
    row?.accessLevel === want.accessLevel &&
    row.expiresAt === want.expiresAt &&
    (roleId === null ? null : String(roleId)) === want.memberRoleId;
  return same ? row.updatedAt : null;
}
