import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { badRequest, json, NO_CONTENT, recordNotFound, refuse, refuseError, unauthorized } from '../../http/reply.ts';
import type { Reply } from '../../http/reply.ts';
import {
  authorizedProjects,
  rowLevelOnGroup,
  selfAndAncestors,
  tokensOf,
  type Group,
  type Token,
} from '../../model/index.ts';
import { addressOf, adminOnly, checkUnmodified, userOf, type Call, type Route } from '../context.ts';
import { projectAssociation } from '../entities/projects.ts';
import { tokenEntity } from '../entities/tokens.ts';
import { authorizedGroups } from '../groups/reach.ts';
import { findUser, pathParam } from '../lookup.ts';
import { filterTokens } from './list.ts';
import { createToken, rotateToken } from './service.ts';

function own(call: Call): Token {
  if (!call.token) throw unauthorized();
  return call.token;
}

function getSelf(call: Call): Reply {
  return json(200, tokenEntity(call.world, own(call)));
}

function deleteSelf(call: Call): Reply {
  const token = own(call);
  if (token.impersonation && !call.viewer.admin) throw badRequest('Not permitted to revoke');
  token.revoked = true;
  return NO_CONTENT;
}

function rotateSelf(call: Call): Reply {
  const sent = check(call.params, { expires_at: { type: 'date' } });
  const made = rotateToken(call, own(call), sent.expires_at);
  return json(200, tokenEntity(call.world, made, { withValue: true }));
}

/** What the token's user reaches: groups and projects, cut by the same page. */
function associations(call: Call): Reply {
  const user = userOf(call);
  const sent = check(call.params, { min_access_level: { type: 'int', values: [10, 15, 20, 30, 40, 50] } });
  const least = sent.min_access_level ?? 0;
  const { world } = call;
  const groups = authorizedGroups(world, user.id).filter((group) => rowLevelOnGroup(world, user.id, group.id) >= least);
  const projects = authorizedProjects(world, user.id).filter(([, level]) => level >= least);
  const groupPage = paginate(addressOf(call), groups, (group) => groupAssociation(call, user.id, group));
  const page = paginate(addressOf(call), projects, ([project]) => projectAssociation(call, project));
  return { ...page, body: { groups: groupPage.body, projects: page.body } };
}

function groupAssociation(call: Call, userId: number, group: Group): Record<string, unknown> {
  const chain = new Set(selfAndAncestors(call.world, group.id).map((item) => item.id));
  let level: number | null = null;
  for (const row of call.world.index.membersByUser.get(userId)?.values() ?? []) {
    if (row.sourceKind !== 'Group' || !chain.has(row.sourceId) || row.requestedAt !== null) continue;
    level = Math.max(level ?? 0, row.accessLevel);
  }
  return {
    id: group.id,
    web_url: `${call.baseUrl}/groups/${group.fullPath}`,
    name: group.name,
    parent_id: group.parentId,
    organization_id: 1,
    access_levels: level,
    visibility: group.visibility,
  };
}

/** GET /personal_access_tokens: an administrator sees the instance's, others their own. */
function listTokens(call: Call): Reply {
  const user = userOf(call);
  const { world, viewer, params } = call;
  const asked = params['user_id'];
  const userId = asked === undefined ? null : Number(asked);
  if (!viewer.admin) {
    if (userId !== null && userId !== user.id) throw unauthorized();
    const mine = tokensOf(world, user.id).filter((token) => !token.impersonation);
    return paginate(addressOf(call), filterTokens(world, mine, params), (token) => tokenEntity(world, token));
  }
  if (userId !== null && (asked === '' || !world.users.has(userId))) throw refuse(404, '404 Not Found');
  const from = userId === null ? world.tokens.values() : tokensOf(world, userId);
  return paginate(addressOf(call), filterTokens(world, from, params), (token) => tokenEntity(world, token));
}

/** A token by id: one's own, any for an administrator. Others' are 401, missing ones 404 for administrators. */
function findToken(call: Call): Token {
  const user = userOf(call);
  const token = call.world.tokens.get(Number(pathParam(call, 'id')));
  if (token && (call.viewer.admin || token.userId === user.id)) return token;
  throw call.viewer.admin ? refuse(404, '404 Not Found') : unauthorized();
}

function getToken(call: Call): Reply {
  return json(200, tokenEntity(call.world, findToken(call)));
}

function rotateById(call: Call): Reply {
  const sent = check(call.params, { expires_at: { type: 'date' } });
  const made = rotateToken(call, findToken(call), sent.expires_at);
  return json(200, tokenEntity(call.world, made, { withValue: true }));
}

function deleteToken(call: Call): Reply {
  const user = userOf(call);
  const token = call.world.tokens.get(Number(pathParam(call, 'id')));
  if (!token) throw recordNotFound();
  if (!call.viewer.admin && token.userId !== user.id) throw badRequest('Not permitted to revoke');
  checkUnmodified(call, token.createdAt);
  token.revoked = true;
  return NO_CONTENT;
}

const CREATE = {
  name: { type: 'string', required: true },
  scopes: { type: 'strings', required: true },
  expires_at: { type: 'date' },
  description: { type: 'string' },
} as const;

/** POST /users/:id/personal_access_tokens: how an administrator makes a token for anybody. */
function createForUser(call: Call): Reply {
  const sent = check(call.params, CREATE);
  adminOnly(call);
  const made = createToken(call, findUser(call), {
    name: sent.name,
    scopes: sent.scopes,
    expiresAt: sent.expires_at,
    description: sent.description ?? null,
  });
  return json(201, tokenEntity(call.world, made, { withValue: true }));
}

/** POST /user/personal_access_tokens: for oneself, two scopes only. */
function createForSelf(call: Call): Reply {
  const sent = check(call.params, CREATE);
  if (sent.scopes.some((scope) => !['k8s_proxy', 'self_rotate'].includes(scope))) {
    throw refuseError(400, 'scopes does not have a valid value');
  }
  const made = createToken(call, userOf(call), {
    name: sent.name,
    scopes: sent.scopes,
    expiresAt: sent.expires_at,
    description: sent.description ?? null,
  });
  return json(201, tokenEntity(call.world, made, { withValue: true }));
}

/** Personal access tokens. */
export const TOKEN_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/personal_access_tokens/self', handler: getSelf, scopes: 'any' },
  { method: 'DELETE', path: '/personal_access_tokens/self', handler: deleteSelf, scopes: 'any' },
  { method: 'GET', path: '/personal_access_tokens/self/associations', handler: associations },
  { method: 'POST', path: '/personal_access_tokens/self/rotate', handler: rotateSelf, scopes: ['self_rotate'] },
  { method: 'GET', path: '/personal_access_tokens', handler: listTokens },
  { method: 'GET', path: '/personal_access_tokens/:id', handler: getToken },
  { method: 'DELETE', path: '/personal_access_tokens/:id', handler: deleteToken },
  { method: 'POST', path: '/personal_access_tokens/:id/rotate', handler: rotateById },
  { method: 'POST', path: '/users/:id/personal_access_tokens', handler: createForUser },
  { method: 'POST', path: '/user/personal_access_tokens', handler: createForSelf },
];
