import {
  ACCESS,
  changeMember,
  dateIn,
  directRow,
  hasPlan,
  inheritedFrom,
  isLastOwner,
  viewerGroupLevel,
  viewerProjectLevel,
} from '../model/index.ts';
import type { Group, Member, Project, SourceKind } from '../model/index.ts';
import { humanLevel, levelOfName } from './accessLevels.ts';
import { offsetConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { canMutate } from './context.ts';
import type { Context } from './context.ts';
import { accessError, InternalError } from './errors.ts';
import { numberOf } from './gid.ts';
import { memberNode } from './memberNodes.ts';
import type { MemberNode } from './memberNodes.ts';

const MAX_MEMBERS = 50;
const REFUSED = 'Unable to update members, please check user permissions.';

/** What both bulk updates are given, the source aside. */
export interface BulkInput {
  readonly userIds: readonly string[];
  readonly accessLevel: string;
  readonly expiresAt?: string | null;
  readonly clientMutationId?: string | null;
}

/** The common part of both payloads. */
export interface BulkPayload {
  readonly members: readonly MemberNode[];
  readonly errors: readonly string[];
  readonly queuedMemberApprovals: Connection<never>;
  readonly clientMutationId: string | null;
}

interface Source {
  readonly kind: SourceKind;
  readonly record: Group | Project;
  /** The level the caller acts with on it. */
  readonly ownLevel: number;
}

/** `groupMemberBulkUpdate`: for Owners (docs/gitlab.md §bulk update). */
export function updateGroupMembers(context: Context, groupId: string, input: BulkInput): BulkPayload {
  const record = context.world.groups.get(numberOf(groupId));
  const ownLevel = record ? viewerGroupLevel(context.world, context.viewer, record.id) : 0;
  if (!record || ownLevel < ACCESS.OWNER || !canMutate(context)) throw accessError();
  return update(context, { kind: 'Group', record, ownLevel }, input);
}

/** `projectMemberBulkUpdate`: for Maintainers and Owners. */
export function updateProjectMembers(context: Context, projectId: string, input: BulkInput): BulkPayload {
  const record = context.world.projects.get(numberOf(projectId));
  const ownLevel = record ? viewerProjectLevel(context.world, context.viewer, record.id) : 0;
  if (!record || ownLevel < ACCESS.MAINTAINER || !canMutate(context)) throw accessError();
  return update(context, { kind: 'Project', record, ownLevel }, input);
}

/** All rows or none. Who is no direct member, a repeated id or too many of them end the request with a 500. */
function update(context: Context, source: Source, input: BulkInput): BulkPayload {
  const rows = rowsToChange(context, source, input.userIds);
  const accessLevel = levelOfName(input.accessLevel);
  if (rows.some((row) => !mayChange(context, source, row, accessLevel))) return payload(input, [], [REFUSED]);
  const expiresAt = input.expiresAt?.slice(0, 10) ?? null;
  const faults = rows.map((row) => ({ row, text: faultOf(context, source, row, { accessLevel, expiresAt }) }));
  const faulty = faults.filter(({ text }) => text !== null);
  if (faulty.length > 0) {
    const texts = [...new Set(faulty.flatMap(({ text }) => text ?? []))];
    return payload(
      input,
      faulty.map(({ row }) => row),
      texts,
    );
  }
  const change = input.expiresAt === undefined ? { accessLevel } : { accessLevel, expiresAt };
  for (const row of rows) changeMember(context.world, row, change);
  return payload(input, rows, []);
}

function rowsToChange({ world }: Context, source: Source, gids: readonly string[]): Member[] {
  const ids = gids.map(numberOf);
  if (ids.length > MAX_MEMBERS) throw new InternalError(`Count of members should be less than ${String(MAX_MEMBERS)}.`);
  if (new Set(ids).size < ids.length) throw new InternalError('a user id was given twice');
  return ids.map((userId) => {
    const row = directRow(world, source.kind, source.record.id, userId);
    if (!row) throw new InternalError('Only direct members are allowed to be updated.');
    return row;
  });
}

function mayChange(context: Context, source: Source, row: Member, accessLevel: number): boolean {
  const { world, viewer } = context;
  const user = world.users.get(row.userId);
  if (!user || user.userType === 'project_bot') return false;
  if (user.userType !== 'service_account' && isLastOwner(world, row)) return false;
  if (row.ldap && !row.override) return false;
  if ('ownerId' in source.record && source.record.ownerId === row.userId) return false;
  if (viewer.admin) return true;
  if (accessLevel === ACCESS.PLANNER && source.ownLevel !== ACCESS.OWNER && source.ownLevel !== ACCESS.PLANNER) {
    return false;
  }
  return row.accessLevel <= source.ownLevel && accessLevel <= source.ownLevel;
}

function faultOf(
  { world }: Context,
  source: Source,
  row: Member,
  wanted: { accessLevel: number; expiresAt: string | null },
): string | null {
  const { accessLevel, expiresAt } = wanted;
  const today = dateIn(world.clock.now(), world.settings.timeZone);
  if (expiresAt !== null && expiresAt < today) return 'Expires at cannot be a date in the past';
  const isRoot = 'parentId' in source.record && source.record.parentId === null;
  if (accessLevel === ACCESS.MINIMAL && !(isRoot && hasPlan(world.settings, 'premium'))) {
    return 'Access level is not included in the list';
  }
  const changesLevel = accessLevel !== row.accessLevel;
  if (changesLevel && row.memberRoleId !== null && hasPlan(world.settings, 'ultimate')) {
    return 'Access level cannot be changed because of an existing association with a custom role';
  }
  const above = highestAbove(world, source, row.userId);
  if (!above || accessLevel >= above.row.accessLevel) return null;
  const role = humanLevel(above.row.accessLevel);
  return `Access level should be greater than or equal to ${role} inherited membership from group ${above.group.name}`;
}

function highestAbove(
  world: Context['world'],
  source: Source,
  userId: number,
): { group: Group; row: Member } | undefined {
  return inheritedFrom(world, source.kind, source.record.id)
    .flatMap((group) => {
      const row = directRow(world, 'Group', group.id, userId);
      return row ? [{ group, row }] : [];
    })
    .sort((a, b) => b.row.accessLevel - a.row.accessLevel)[0];
}

function payload(input: BulkInput, rows: readonly Member[], errors: readonly string[]): BulkPayload {
  return {
    members: rows.map((row) => memberNode(row)),
    errors,
    queuedMemberApprovals: offsetConnection<never>([], {}),
    clientMutationId: input.clientMutationId ?? null,
  };
}
