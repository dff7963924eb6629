import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { forbidden, json, NO_CONTENT, recordNotFound, refuse, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  addDeployToken,
  dateIn,
  deployTokensOf,
  type DeployToken,
  type SourceKind,
  type World,
} from '../../model/index.ts';
import { addressOf, adminOnly, userOf, type Call, type Handler, type Route } from '../context.ts';
import { isoTime } from '../entities/users.ts';
import { findSource, pathParam, type Source } from '../lookup.ts';
import { archived, callerLevel } from '../members/rights.ts';

const SCOPES = [
  'read_repository',
  'read_registry',
  'write_registry',
  'read_package_registry',
  'write_package_registry',
  'read_virtual_registry',
  'write_virtual_registry',
];
const CREATE = {
  name: { type: 'string', required: true },
  scopes: { type: 'strings', required: true, values: SCOPES },
  expires_at: { type: 'time' },
  username: { type: 'string' },
} as const;
const LIST = { active: { type: 'bool' } } as const;

/** `expired` turns true only on the day after the end; the token itself ends on the instant. */
function entity(world: World, token: DeployToken): Record<string, unknown> {
  const zone = world.settings.timeZone;
  const ended = token.expiresAt !== null && dateIn(token.expiresAt, zone) < dateIn(world.clock.now(), zone);
  return {
    id: token.id,
    name: token.name,
    username: token.username,
    expires_at: isoTime(token.expiresAt),
    scopes: token.scopes,
    revoked: token.revoked,
    expired: ended,
  };
}

function reply(call: Call, tokens: readonly DeployToken[], activeOnly: boolean): Reply {
  const nowMs = call.world.clock.now();
  const usable = (token: DeployToken): boolean =>
    !token.revoked && (token.expiresAt === null || token.expiresAt > nowMs);
  const found = activeOnly ? tokens.filter(usable) : tokens;
  return paginate(addressOf(call), found, (token) => entity(call.world, token));
}

function listAll(call: Call): Reply {
  const sent = check(call.params, LIST);
  userOf(call);
  adminOnly(call);
  return reply(call, [...call.world.deployTokens.values()], sent.active === true);
}

/** The source, for its Maintainers; writing in a group takes an Owner, and a group not archived. */
function managed(call: Call, kind: SourceKind, writes: boolean): Source {
  const source = findSource(call, kind);
  const needed = writes && kind === 'Group' ? ACCESS.OWNER : ACCESS.MAINTAINER;
  if (callerLevel(call, source) < needed || (writes && archived(call, source))) throw forbidden();
  return source;
}

function list(kind: SourceKind): Handler {
  return (call) => {
    const sent = check(call.params, LIST);
    const source = managed(call, kind, false);
    return reply(call, deployTokensOf(call.world, kind, source.id), sent.active === true);
  };
}

function find(call: Call, source: Source): DeployToken {
  const id = Number(pathParam(call, 'token_id'));
  const token = deployTokensOf(call.world, source.kind, source.id).find((item) => item.id === id);
  if (!token) throw recordNotFound();
  return token;
}

function get(kind: SourceKind): Handler {
  return (call) => json(200, entity(call.world, find(call, managed(call, kind, false))));
}

/** POST: the value is told this once; nothing ever tells who made it. */
function create(kind: SourceKind): Handler {
  return (call) => {
    const sent = check(call.params, CREATE);
    const source = managed(call, kind, true);
    if (sent.scopes.length === 0) throw refuse(400, "Scopes can't be blank");
    if (sent.username !== undefined && !/^[\w+.-]+$/.test(sent.username)) {
      throw refuse(400, "Username can contain only letters, digits, '_', '-', '+', and '.'");
    }
    const token = addDeployToken(call.world, {
      sourceKind: kind,
      sourceId: source.id,
      name: sent.name,
      username: sent.username ?? null,
      scopes: sent.scopes,
      expiresAt: sent.expires_at ?? null,
      creatorId: userOf(call).id,
    });
    return json(201, { ...entity(call.world, token), token: token.value });
  };
}

/** DELETE removes the row; there is no revoking through the API. */
function remove(kind: SourceKind): Handler {
  return (call) => {
    const token = find(call, managed(call, kind, true));
    call.world.deployTokens.delete(token.id);
    return NO_CONTENT;
  };
}

function routesOf(kind: SourceKind): Route[] {
  const base = `/${kind.toLowerCase()}s/:id/deploy_tokens`;
  return [
    { method: 'GET', path: base, handler: list(kind), open: true },
    { method: 'POST', path: base, handler: create(kind), open: true },
    { method: 'GET', path: `${base}/:token_id`, handler: get(kind), open: true },
    { method: 'DELETE', path: `${base}/:token_id`, handler: remove(kind), open: true },
  ];
}

/** Deploy tokens (docs/gitlab.md §deploy tokens). */
export const DEPLOY_TOKEN_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/deploy_tokens', handler: listAll },
  ...routesOf('Group'),
  ...routesOf('Project'),
];
