import { changeMember, directRow, hasPlan } from '../model/index.ts';
import type { Member, User } from '../model/index.ts';
import type { Source } from '../rest/lookup.ts';
import { canAdminMembers } from '../rest/members/rights.ts';
import { needsApproval, queue } from '../rest/members/seats.ts';
import { mayReach, mayUpdate } from '../rest/members/update.ts';
import { sentence, validateMember } from '../rest/members/validate.ts';
import { levelOfName } from './accessLevels.ts';
import { approvalNode } from './approvals.ts';
import type { ApprovalNode } from './approvals.ts';
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

interface Change {
  readonly row: Member;
  readonly user: User;
  readonly level: number;
  readonly expiresAt: string | null;
}

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
  readonly queuedMemberApprovals: Connection<ApprovalNode>;
  readonly clientMutationId: string | null;
}

/** `groupMemberBulkUpdate`: for who may manage the group's members (docs/gitlab.md §bulk update). */
export function updateGroupMembers(context: Context, groupId: string, input: BulkInput): BulkPayload {
  const group = context.world.groups.get(numberOf(groupId));
  if (!group) throw accessError();
  return update(context, { kind: 'Group', id: group.id, group }, input);
}

/** `projectMemberBulkUpdate`: for who may manage the project's members. */
export function updateProjectMembers(context: Context, projectId: string, input: BulkInput): BulkPayload {
  const project = context.world.projects.get(numberOf(projectId));
  if (!project) throw accessError();
  return update(context, { kind: 'Project', id: project.id, project }, input);
}

/**
 * All rows or none, by the rules of REST's PUT. Who is no direct member, a repeated id or too many of them end the
 * request with a 500. A promotion that needs approval is queued instead of made.
 */
function update(context: Context, source: Source, input: BulkInput): BulkPayload {
  if (!canMutate(context) || !canAdminMembers(context, source)) throw accessError();
  const changes = rowsToChange(context, source, input.userIds).map((target) => draft(target, input));
  const refused = changes.some(
    ({ row, user, level }) =>
      !mayUpdate(context, source, row, user) || (level !== row.accessLevel && !mayReach(context, source, row, level)),
  );
  if (refused) return payload(input, { errors: [REFUSED] });
  const faulty = changes
    .map((change) => ({ change, text: faultOf(context, source, change) }))
    .filter(({ text }) => text !== '');
  if (faulty.length > 0) {
    const errors = [...new Set(faulty.map(({ text }) => text))];
    return payload(input, { errors, rows: faulty.map(({ change }) => change.row) });
  }
  const waits = ({ row, user, level }: Change): boolean =>
    level > row.accessLevel && needsApproval(context, user, level);
  const queued = changes.filter(waits).map(({ row, user, level, expiresAt }) => {
    const sent = input.expiresAt === undefined ? null : expiresAt;
    const promotion = queue(context, source, user, { level, expiresAt: sent, memberRoleId: row.memberRoleId });
    return approvalNode(context, promotion);
  });
  const made = changes.filter((change) => !waits(change));
  for (const { row, level, expiresAt } of made) changeMember(context.world, row, { accessLevel: level, expiresAt });
  return payload(input, { rows: made.map(({ row }) => row), queued });
}

function rowsToChange({ world }: Context, source: Source, gids: readonly string[]): { row: Member; user: User }[] {
  const ids = gids.map(numberOf);
  if (ids.length > MAX_MEMBERS) {
    throw new InternalError(`Count of members should be less than ${String(MAX_MEMBERS)}.`);
  }
  if (new Set(ids).size < ids.length) throw new InternalError('a user id was given twice');
  return ids.map((userId) => {
    const row = directRow(world, source.kind, source.id, userId);
    const user = world.users.get(userId);
    if (!row || !user) throw new InternalError('Only direct members are allowed to be updated.');
    return { row, user };
  });
}

function draft({ row, user }: { row: Member; user: User }, input: BulkInput): Change {
  const { expiresAt } = input;
  return {
    row,
    user,
    level: levelOfName(input.accessLevel),
    expiresAt: expiresAt === undefined ? row.expiresAt : (expiresAt?.slice(0, 10) ?? null),
  };
}

/** What makes a change invalid, as one sentence; empty for a good one. */
function faultOf(context: Context, source: Source, { row, user, level, expiresAt }: Change): string {
  const { memberRoleId } = row;
  if (memberRoleId !== null && level !== row.accessLevel && hasPlan(context.world.settings, 'ultimate')) {
    return 'Access level cannot be changed because of an existing association with a custom role';
  }
  return sentence(validateMember(context, source, { user, level, expiresAt, memberRoleId, isNew: false }));
}

function payload(
  input: BulkInput,
  result: { rows?: readonly Member[]; errors?: readonly string[]; queued?: readonly ApprovalNode[] },
): BulkPayload {
  const { rows = [], errors = [], queued = [] } = result;
  return {
    members: rows.map((row) => memberNode(row)),
    errors,
    queuedMemberApprovals: offsetConnection(queued, {}),
    clientMutationId: input.clientMutationId ?? null,
  };
}
