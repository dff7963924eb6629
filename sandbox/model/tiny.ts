import { addGroup, addMember, addProject, addUser } from './add.ts';
import { addToken } from './tokens.ts';
import { ACCESS, type Token } from './types.ts';
import type { World } from './world.ts';

/** The three tokens every seed hands out, by their text. */
export interface SeedTokens {
  readonly admin: string;
  readonly owner: string;
  readonly user: string;
}

/**
 * The smallest world worth asking: an administrator, a person who owns the root group `acme`, its Owner service
 * account, a plain Developer, a subgroup and two projects.
 */
export function seedTiny(world: World): SeedTokens {
  const root = addUser(world, { username: 'root', name: 'Administrator', admin: true });
  const olivia = addUser(world, { username: 'olivia', name: 'Olivia Owner' });
  const dana = addUser(world, { username: 'dana', name: 'Dana Developer', publicEmail: 'dana@example.org' });
  const acme = addGroup(world, { path: 'acme', name: 'Acme' });
  const ops = addGroup(world, { path: 'ops', name: 'Ops', parentId: acme.id });
  addProject(world, { path: 'api', groupId: acme.id, creatorId: olivia.id });
  addProject(world, { path: 'deploy', groupId: ops.id, creatorId: olivia.id });
  const robot = addUser(world, {
    username: `service_account_group_${String(acme.id)}_gatehouse`,
    name: 'Gatehouse',
    userType: 'service_account',
    external: true,
    provisionedByGroupId: acme.id,
    createdById: olivia.id,
  });
  const row = { sourceKind: 'Group', sourceId: acme.id } as const;
  addMember(world, { ...row, userId: olivia.id, accessLevel: ACCESS.OWNER });
  addMember(world, { ...row, userId: robot.id, accessLevel: ACCESS.OWNER, createdById: olivia.id });
  addMember(world, { ...row, userId: dana.id, accessLevel: ACCESS.DEVELOPER, createdById: olivia.id });
  const make = (userId: number, name: string, scopes: string[]): Token =>
    addToken(world, { userId, name, scopes, value: `glpat-sandbox-${name}` });
  return {
    admin: make(root.id, 'admin', ['api', 'admin_mode', 'sudo']).value,
    owner: make(robot.id, 'owner', ['api']).value,
    user: make(dana.id, 'user', ['api']).value,
  };
}
