import type { MemberRecord, SourceRecord, SourceRef, UserRecord } from '../gitlab/records.ts';
import { accessLevelOf } from './access-level.ts';
import { toOpaque } from './global-id.ts';
import type { MemberNode, MembershipKind, UserNode } from './nodes.ts';

/** What was made of a record, for as long as that lives: an answer of GitLab may serve many requests, and lists are long. */
const nodes = new WeakMap<SourceRecord | UserRecord, { connectionId: string }>();
const members = new WeakMap<MemberRecord, MemberNode>();

/** A record with the connection it was read through, as resolvers pass it on. The same for the same record: never changed. */
export function toNode<T extends SourceRecord | UserRecord>(
  connectionId: string,
  record: T,
): T & { connectionId: string } {
  const known = nodes.get(record);
  if (known?.connectionId === connectionId) return known as T & { connectionId: string };
  const node = { ...record, connectionId };
  nodes.set(record, node);
  return node;
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
  const known = members.get(record);
  if (known?.connectionId === connectionId && known.kind === kind && isSame(known.list, list)) return known;
  const user: UserNode = toNode(connectionId, record.user);
  const member = {
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
  members.set(record, member);
  return member;
}

function isSame(one: SourceRef, other: SourceRef): boolean {
  return one.kind === other.kind && one.id === other.id;
}

/** GitLab numbers the rows of groups and of projects apart, so the id names the kind of the row's home too. */
function memberId(connectionId: string, list: SourceRef, kind: MembershipKind, record: MemberRecord): string {
  const home = kind === 'DIRECT' ? list.kind : 'group';
  const parts = ['Member', connectionId, list.kind, list.id, kind, home, record.rowId];
  return toOpaque(parts.join(':'));
}
