import { hasPlan, rootOf } from '../model/index.ts';
import type { Group, MemberRole, Project } from '../model/index.ts';
import { accessLevelNode, levelOfName, standardLevels } from './accessLevels.ts';
import { offsetConnection } from './connection.ts';
import type { Connection, PageArgs } from './connection.ts';
import { timeText } from './context.ts';
import type { Context } from './context.ts';
import { gidOf, numberOf } from './gid.ts';

const ROLE_PAGES = '/admin/application_settings/roles_and_permissions';

/** Arguments of every `memberRoles` field. */
export interface RolesArgs extends PageArgs {
  readonly id?: string | null;
  readonly ids?: readonly string[] | null;
  readonly orderBy?: 'CREATED_AT' | 'ID' | 'NAME' | null;
  readonly sort?: 'ASC' | 'DESC' | null;
}

interface StandardRolesArgs extends PageArgs {
  readonly accessLevel?: readonly string[] | null;
}

/** Custom roles of a root group, or with `groupId` null of the instance; none without the licence for them. */
function rolesOf(context: Context, groupId: number | null, args: RolesArgs): MemberRole[] {
  const { world, viewer } = context;
  if (!viewer.user || !hasPlan(world.settings, 'ultimate')) return [];
  const wanted = [args.id ?? [], args.ids ?? []].flat().map(numberOf);
  const roles = [...world.memberRoles.values()].filter(
    (role) => role.groupId === groupId && (wanted.length === 0 || wanted.includes(role.id)),
  );
  if (args.orderBy === 'NAME') roles.sort((a, b) => (a.name < b.name ? -1 : 1));
  return args.sort === 'DESC' ? roles.reverse() : roles;
}

/** The root field `memberRoles`. */
export function instanceRoles(context: Context, args: RolesArgs): Connection<MemberRole> {
  return offsetConnection(rolesOf(context, null, args), args);
}

/** The root field `memberRole`. */
export function instanceRole(context: Context, args: RolesArgs): MemberRole | null {
  return rolesOf(context, null, args)[0] ?? null;
}

/** `memberRoles` of a group or project: those of its root group. */
export function rolesAbove(context: Context, source: Group | Project, kind: 'Group' | 'Project', args: RolesArgs) {
  const root = rootOf(context.world, kind, source.id);
  return offsetConnection(root ? rolesOf(context, root.id, args) : [], args);
}

/** The roles GitLab comes with. */
export function standardRoles(args: StandardRolesArgs): Connection<{ value: number; name: string; human: string }> {
  const wanted = args.accessLevel?.map(levelOfName);
  return offsetConnection(
    standardLevels().filter(({ value }) => !wanted || wanted.includes(value)),
    args,
  );
}

/** Fields of `MemberRole`. */
export const memberRoleFields = {
  id: (role: MemberRole) => gidOf('MemberRole', role.id),
  baseAccessLevel: (role: MemberRole) => accessLevelNode(role.baseAccessLevel),
  enabledPermissions: (role: MemberRole, args: PageArgs) =>
    offsetConnection(
      role.permissions.map((name) => ({ name, value: name.toUpperCase() })),
      args,
    ),
  membersCount: (role: MemberRole, _args: unknown, { world }: Context) =>
    [...world.members.values()].filter(({ memberRoleId }) => memberRoleId === role.id).length,
  usersCount: (role: MemberRole, _args: unknown, { world }: Context) =>
    new Set([...world.members.values()].filter((row) => row.memberRoleId === role.id).map((row) => row.userId)).size,
  detailsPath: (role: MemberRole) => `${ROLE_PAGES}/${String(role.id)}`,
  editPath: (role: MemberRole) => `${ROLE_PAGES}/${String(role.id)}/edit`,
  createdAt: (_role: MemberRole, _args: unknown, { world }: Context) => timeText(world.clock.now()),
};

/** Fields of `StandardRole`. */
export const standardRoleFields = {
  id: ({ name }: { name: string }) => gidOf('StandardRole', name),
  accessLevel: ({ value }: { value: number }) => value,
  name: ({ human }: { human: string }) => human,
};
