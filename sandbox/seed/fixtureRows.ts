import { ACCESS, addInvitation, addLink, addMemberRole, addToken } from '../model/index.ts';
import type { Token, User } from '../model/index.ts';
import type { Builder } from './build.ts';
import type { Fixtures } from './fixtures.ts';
import { TOKENS } from './names.ts';

/** The memberships, invitations, shares and custom role among the well-known records; `names.ts` says who has what. */
export function addFixtureRows(builder: Builder, fixtures: Fixtures): void {
  addRobots(builder, fixtures);
  addGroupRows(builder, fixtures);
  addSpecialRows(builder, fixtures);
  addShares(builder, fixtures);
}

function addRobots({ addToGroup, addToProject }: Builder, { users, groups, projects }: Fixtures): void {
  const createdById = users.alice.id;
  users.gatehouse.provisionedByGroupId = groups.acme.id;
  users.deployer.provisionedByGroupId = groups.acme.id;
  for (const robot of [users.gatehouse, users.deployer, users.apiBot, users.platformBot]) {
    robot.createdById = createdById;
    robot.external = true;
  }
  addToGroup(groups.acme, users.gatehouse, ACCESS.OWNER, { createdById });
  addToGroup(groups.platform, users.deployer, ACCESS.DEVELOPER, { createdById });
  addToGroup(groups.platform, users.platformBot, ACCESS.MAINTAINER, { createdById });
  addToProject(projects.api, users.apiBot, ACCESS.DEVELOPER, { createdById });
}

function addGroupRows({ addToGroup, dateAhead }: Builder, { users, groups }: Fixtures): void {
  const by = { createdById: users.alice.id };
  addToGroup(groups.acme, users.alice, ACCESS.OWNER);
  addToGroup(groups.acme, users.olga, ACCESS.OWNER, by);
  addToGroup(groups.acme, users.frank, ACCESS.MINIMAL, by);
  addToGroup(groups.platform, users.bob, ACCESS.DEVELOPER, by);
  addToGroup(groups.platform, users.carol, ACCESS.REPORTER, by);
  addToGroup(groups.platform, users.dave, ACCESS.DEVELOPER, by);
  addToGroup(groups.platform, users.dina, ACCESS.REPORTER, by);
  addToGroup(groups.payments, users.carol, ACCESS.MAINTAINER, by);
  addToGroup(groups.payments, users.trent, ACCESS.MAINTAINER, by);
  addToGroup(groups.payments, users.erin, ACCESS.DEVELOPER, { ...by, expiresAt: dateAhead(30) });
  addToGroup(groups.design, users.grace, ACCESS.MAINTAINER, by);
  addToGroup(groups.design, users.mallory, ACCESS.GUEST, by);
  addToGroup(groups.partners, users.carol, ACCESS.DEVELOPER);
  addToGroup(groups.partners, users.paul, ACCESS.OWNER);
  addToGroup(groups.contractors, users.ivan, ACCESS.OWNER);
  addToGroup(groups.shadow, users.sybil, ACCESS.OWNER);
  addToGroup(groups.library, users.carl, ACCESS.OWNER);
  addToGroup(groups.legal, users.lena, ACCESS.DEVELOPER, { ldap: true });
}

function addSpecialRows({ world, addToGroup, addToProject, dateAhead }: Builder, fixtures: Fixtures): void {
  const { users, groups, projects } = fixtures;
  const createdById = users.alice.id;
  const role = addMemberRole(world, {
    groupId: groups.acme.id,
    name: 'Incident Responder',
    description: 'Reporter who may read vulnerabilities',
    baseAccessLevel: ACCESS.REPORTER,
    permissions: ['read_vulnerability'],
  });
  addToGroup(groups.design, users.peggy, ACCESS.REPORTER, { createdById, memberRoleId: role.id });
  addToGroup(groups.platform, users.judy, ACCESS.DEVELOPER, { requestedAt: world.clock.now() });
  addToProject(projects.api, users.heidi, ACCESS.REPORTER, { createdById });
  addToProject(projects.tooling, users.eve, ACCESS.DEVELOPER, { createdById, expiresAt: dateAhead(10) });
  addToProject(projects.personal, users.bob, ACCESS.OWNER);
  addInvitation(world, {
    sourceKind: 'Group',
    sourceId: groups.platform.id,
    email: 'newcomer@example.net',
    accessLevel: ACCESS.DEVELOPER,
    createdById,
  });
}

function addShares({ world, dateAhead }: Builder, { groups, projects }: Fixtures): void {
  addLink(world, {
    sharedKind: 'Group',
    sharedId: groups.payments.id,
    invitedGroupId: groups.partners.id,
    accessLevel: ACCESS.DEVELOPER,
  });
  addLink(world, {
    sharedKind: 'Project',
    sharedId: projects.api.id,
    invitedGroupId: groups.contractors.id,
    accessLevel: ACCESS.REPORTER,
    expiresAt: dateAhead(14),
  });
  addLink(world, {
    sharedKind: 'Group',
    sharedId: groups.design.id,
    invitedGroupId: groups.shadow.id,
    accessLevel: ACCESS.GUEST,
  });
}

/** The tokens of `TOKENS`. */
export function addFixtureTokens({ world, dateAhead, daysAgo }: Builder, { users }: Fixtures): void {
  const make = (
    value: string,
    user: User,
    scopes: string[],
    more: { expiresAt?: string; revoked?: boolean } = {},
  ): Token =>
    addToken(world, {
      userId: user.id,
      value,
      scopes,
      name: value.replace('glpat-sandbox-', ''),
      createdAt: daysAgo(30),
      expiresAt: dateAhead(180),
      ...more,
    });
  make(TOKENS.admin, users.root, ['api', 'admin_mode', 'sudo']);
  make(TOKENS.owner, users.gatehouse, ['api']);
  make(TOKENS.user, users.bob, ['api']);
  make(TOKENS.alice, users.alice, ['api']);
  make(TOKENS.readOnly, users.gatehouse, ['read_api']);
  make(TOKENS.expired, users.gatehouse, ['api'], { expiresAt: dateAhead(-1) });
  make(TOKENS.revoked, users.gatehouse, ['api'], { revoked: true });
  make(TOKENS.blocked, users.dave, ['api']);
  make(TOKENS.projectBot, users.apiBot, ['api']);
}
