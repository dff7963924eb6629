import type { MemberRecord, SourceRecord, SourceRef, UserRecord } from '../gitlab/records.ts';
import { accessLevelOf } from './access-level.ts';
import { toOpaque } from './global-id.ts';
import type { MemberNode, MembershipKind, UserNode } from './nodes.ts';

/** A record with the connection it was read through, as resolvers pass it on. */
export function toNode<T extends SourceRecord | UserRecord>(
  connectionId: string,
  record: T,
): T & { connectionId: string } {
  return { ...record, connectionId };
}

/** As `toNode`, where GitLab may have shown nothing. */
export function toNodeOrNull<T extends SourceRecord | UserRecord>(
  connectionId: string,
  record: T | null,
): (T & { connectionId: string }) | null {
  return record === null ? null : toNode(connectionId, record);
}

/** A membership row as seen from `list`. The id is the same as long as the row lives, and another for each list and kind. */
export function toMember(
  connectionId: string,
  list: SourceRef,
  kind: MembershipKind,
  record: MemberRecord,
): MemberNode {
  const user: UserNode = toNode(connectionId, record.user);
  return {
    connectionId,
    list,
    kind,
    record,
    id: memberId(connectionId, list, kind, record),
    user,
    accessLevel: accessLevelOf(record.accessLevel),
    accessLevelValue: record.accessLevel,
    source: toNodeOrNull(connectionId, record.source),
    expiresAt: record.expiresAt,
    createdAt: record.createdAt,
    createdBy: toNodeOrNull(connectionId, record.createdBy),
  };
}

/** GitLab numbers the rows of groups and of projects apart, so the id names the kind of the row's home too. */
function memberId(connectionId: string, list: SourceRef, kind: MembershipKind, record: MemberRecord): string {
  const home = kind === 'DIRECT' ? list.kind : 'group';
  const parts = ['Member', connectionId, list.kind, list.id, kind, home, record.rowId];
  return toOpaque(parts.join(':'));
}
