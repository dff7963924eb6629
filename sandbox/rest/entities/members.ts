import { ACCESS, hasPlan, viewerGroupLevel, type Member, type MemberRole, type User } from '../../model/index.ts';
import { userBasic, usesSeat, isoTime, type Look } from './users.ts';

/** Where a member row is shown with another level than its own: an effective level of a list. */
export interface ShownMember {
  readonly row: Member;
  readonly level: number;
}

/** Member: the person, and the row's level, date and origin. `id` is the person's (docs/gitlab.md §member entity). */
export function memberEntity(
  look: Look,
  shown: ShownMember,
  user: User,
  options: { seatInfo?: boolean } = {},
): Record<string, unknown> {
  const { row, level } = shown;
  const creator = row.createdById === null ? undefined : look.world.users.get(row.createdById);
  const entity = {
    ...userBasic(look, user),
    access_level: level,
    created_at: isoTime(row.createdAt),
    ...(creator ? { created_by: userBasic(look, creator) } : {}),
    expires_at: row.expiresAt,
  };
  if (look.world.settings.edition === 'ce') return entity;
  return { ...entity, ...samlFields(look, row, user), ...enterpriseFields(look, row, user, options.seatInfo === true) };
}

function enterpriseFields(look: Look, row: Member, user: User, seatInfo: boolean): Record<string, unknown> {
  const role = row.memberRoleId === null ? undefined : look.world.memberRoles.get(row.memberRoleId);
  return {
    ...(seesEmail(look, user) ? { email: user.email } : {}),
    ...(seatInfo ? { is_using_seat: usesSeat(look.world, user) } : {}),
    ...(row.ldap && row.sourceKind === 'Group' ? { override: row.override } : {}),
    membership_state: row.state,
    ...(role && hasPlan(look.world.settings, 'ultimate') ? { member_role: roleEntity(role) } : {}),
  };
}

function seesEmail(look: Look, user: User): boolean {
  if (look.viewer.admin) return true;
  if (user.provisionedByGroupId === null || user.userType !== 'human') return false;
  return viewerGroupLevel(look.world, look.viewer, user.provisionedByGroupId) >= ACCESS.OWNER;
}

/** The identity keys are there exactly when the row belongs to a root group with SAML on and its Owner asks. */
function samlFields(look: Look, row: Member, user: User): Record<string, unknown> {
  const group = row.sourceKind === 'Group' ? look.world.groups.get(row.sourceId) : undefined;
  if (group?.parentId !== null || !group.saml?.enabled) return {};
  if (viewerGroupLevel(look.world, look.viewer, group.id) < ACCESS.OWNER) return {};
  const uid = user.samlIdentities.get(group.id);
  const identity = uid === undefined ? null : { provider: 'group_saml', extern_uid: uid, saml_provider_id: group.id };
  return { group_saml_identity: identity };
}

function roleEntity(role: MemberRole): Record<string, unknown> {
  const permissions = Object.fromEntries(role.permissions.map((name) => [name, true]));
  return {
    id: role.id,
    group_id: role.groupId,
    name: role.name,
    description: role.description,
    base_access_level: role.baseAccessLevel,
    ...permissions,
  };
}
