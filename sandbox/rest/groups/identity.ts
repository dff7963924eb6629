import { paginate } from '../../http/paginate.ts';
import { badRequest, forbidden, json, Refusal, refuse, unauthorized, type Reply } from '../../http/reply.ts';
import { ACCESS, hasPlan, rootOf, viewerGroupLevel, type Group, type User } from '../../model/index.ts';
import { addressOf, type Call, type Route } from '../context.ts';
import { userPublic } from '../entities/users.ts';
import { findGroup } from '../lookup.ts';

function levelOn(call: Call, group: Group): number {
  return viewerGroupLevel(call.world, call.viewer, group.id);
}

/** The group, or null where it is not there for the caller: two of these routes hide that behind another status. */
function maybeGroup(call: Call): Group | null {
  try {
    return findGroup(call);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** GET .../ldap_group_links: 404 where there are none, 403 for every other failure, a missing group included. */
function ldapLinks(call: Call): Reply {
  const group = maybeGroup(call);
  if (!group || levelOn(call, group) < ACCESS.OWNER) throw forbidden();
  if (group.ldapLinks.length === 0) throw refuse(404, 'No linked LDAP groups found');
  const shown = group.ldapLinks.map((link) => ({
    cn: link.cn,
    group_access: link.groupAccess,
    provider: link.provider,
    filter: null,
  }));
  return json(200, shown);
}

/** GET .../saml_group_links: 200, also with none, means that SAML is on; all else is 401 with a token that is good. */
function samlLinks(call: Call): Reply {
  const group = maybeGroup(call);
  const root = group ? rootOf(call.world, 'Group', group.id) : undefined;
  const on = root?.saml?.enabled === true && hasPlan(call.world.settings, 'premium');
  if (!group || !on || levelOn(call, group) < ACCESS.OWNER) throw unauthorized();
  return json(
    200,
    group.samlLinks.map((link) => ({ name: link.name, access_level: link.accessLevel, provider: null })),
  );
}

function ownedRoot(call: Call, subgroup?: string): Group {
  const group = findGroup(call);
  if (levelOn(call, group) < ACCESS.OWNER) throw forbidden();
  if (group.parentId !== null) throw badRequest(subgroup);
  return group;
}

function linkedTo(call: Call, group: Group): User[] {
  return [...call.world.users.values()].filter((user) => user.samlIdentities.has(group.id));
}

/** GET .../saml/identities: all at once; 400 where the root has no provider. A disabled one counts. */
function samlIdentities(call: Call): Reply {
  const group = ownedRoot(call);
  if (!group.saml) throw badRequest();
  const shown = linkedTo(call, group).map((user) => ({
    extern_uid: user.samlIdentities.get(group.id),
    user_id: user.id,
  }));
  return json(200, shown);
}

/** GET .../scim/identities: the sandbox has no SCIM, and GitLab asks for no provider here. */
function scimIdentities(call: Call): Reply {
  ownedRoot(call);
  return json(200, []);
}

function samlUsers(call: Call): Reply {
  const group = ownedRoot(call, 'Must be a top-level group');
  return paginate(addressOf(call), linkedTo(call, group), (user) => userPublic(call, user));
}

/** GET .../provisioned_users: accounts this group made, its service accounts among them; for Maintainers. */
function provisionedUsers(call: Call): Reply {
  const group = findGroup(call);
  if (levelOn(call, group) < ACCESS.MAINTAINER) throw forbidden();
  const users = [...call.world.users.values()].filter((user) => user.provisionedByGroupId === group.id);
  return paginate(addressOf(call), users, (user) => userPublic(call, user));
}

/** Who governs the memberships of a group (docs/gitlab.md §synced groups). */
export const GROUP_IDENTITY_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/groups/:id/ldap_group_links', handler: ldapLinks, enterprise: true },
  { method: 'GET', path: '/groups/:id/saml_group_links', handler: samlLinks, enterprise: true },
  { method: 'GET', path: '/groups/:id/saml/identities', handler: samlIdentities, enterprise: true },
  { method: 'GET', path: '/groups/:id/scim/identities', handler: scimIdentities, enterprise: true },
  { method: 'GET', path: '/groups/:id/saml_users', handler: samlUsers, enterprise: true },
  { method: 'GET', path: '/groups/:id/provisioned_users', handler: provisionedUsers, enterprise: true },
];
