import { directRow, hasPlan, promotionsIn } from '../model/index.ts';
import type { Promotion, User } from '../model/index.ts';
import type { Source } from '../rest/lookup.ts';
import { canAdminMembers } from '../rest/members/rights.ts';
import { accessLevelNode } from './accessLevels.ts';
import type { AccessLevelNode } from './accessLevels.ts';
import { offsetConnection } from './connection.ts';
import type { Connection, PageArgs } from './connection.ts';
import type { Context } from './context.ts';
import { memberNode } from './memberNodes.ts';
import type { MemberNode } from './memberNodes.ts';

/** A promotion that waits for an administrator. */
export interface ApprovalNode {
  readonly user: User | null;
  readonly member: MemberNode | null;
  readonly newAccessLevel: AccessLevelNode;
  readonly oldAccessLevel: AccessLevelNode | null;
  readonly memberRoleId: string | null;
  readonly requestedBy: User | null;
  readonly status: string;
}

/** A promotion that waits, with the row that it would change as it is now. */
export function approvalNode({ world }: Context, promotion: Promotion): ApprovalNode {
  const { sourceKind, sourceId, userId, accessLevel, memberRoleId, requestedById } = promotion;
  const row = directRow(world, sourceKind, sourceId, userId) ?? null;
  return {
    user: world.users.get(userId) ?? null,
    member: row === null ? null : memberNode(row),
    newAccessLevel: accessLevelNode(accessLevel),
    oldAccessLevel: row === null ? null : accessLevelNode(row.accessLevel),
    memberRoleId: memberRoleId === null ? null : String(memberRoleId),
    requestedBy: requestedById === null ? null : (world.users.get(requestedById) ?? null),
    status: 'pending',
  };
}

/**
 * `pendingMemberApprovals` of a group or project; null where promotions are not managed, and for who may not manage the members
 * there (docs/gitlab.md §promotions).
 */
export function pendingApprovals(context: Context, source: Source, args: PageArgs): Connection<ApprovalNode> | null {
  const { settings } = context.world;
  if (!settings.promotionApproval || !hasPlan(settings, 'ultimate') || !canAdminMembers(context, source)) return null;
  const waiting = promotionsIn(context.world, source.kind, source.id);
  return offsetConnection(
    waiting.map((promotion) => approvalNode(context, promotion)),
    args,
  );
}
