import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { badRequest, json, NO_CONTENT, refuse, unauthorized } from '../../http/reply.ts';
import type { SourceKind } from '../../model/index.ts';
import { addressOf, checkUnmodified, userOf, type Call, type Handler, type Route } from '../context.ts';
import { botTokenEntity } from '../entities/tokens.ts';
import { findSource, pathParam, type Source } from '../lookup.ts';
import { encompasses } from '../members/rights.ts';
import { filterTokens } from '../tokens/list.ts';
import { rotateToken } from '../tokens/service.ts';
import { createBotToken } from './create.ts';
import { botTokens, findBotToken, managesTokens, noToken, nothingToRevoke, type BotToken } from './rights.ts';

/** The source, for who manages its tokens; others get 401, though their own token is good. */
function managed(call: Call, kind: SourceKind): Source {
  const source = findSource(call, kind);
  if (!managesTokens(call, source)) throw unauthorized();
  return source;
}

function numberOf(call: Call): number {
  return check(call.params, { token_id: { type: 'int', required: true } }).token_id ?? 0;
}

function list(kind: SourceKind): Handler {
  return (call) => {
    const source = managed(call, kind);
    const found = new Map(botTokens(call, source).map((item) => [item.token, item]));
    const tokens = filterTokens(call.world, found.keys(), { ...call.params, user_id: '' });
    return paginate(
      addressOf(call),
      tokens.flatMap((token) => found.get(token) ?? []),
      (item) => botTokenEntity(call.world, item),
    );
  };
}

function get(kind: SourceKind): Handler {
  return (call) => {
    const id = numberOf(call);
    const source = managed(call, kind);
    const found = findBotToken(call, source, id);
    if (!found) throw noToken(source);
    return json(200, botTokenEntity(call.world, found));
  };
}

/** Rotation: without the right, or of nothing, it is 401; administrators are told 404. */
function rotate(kind: SourceKind): Handler {
  return (call) => {
    const sent = check(call.params, { token_id: { type: 'int', required: true }, expires_at: { type: 'date' } });
    const source = findSource(call, kind);
    const found = managesTokens(call, source) ? findBotToken(call, source, sent.token_id ?? 0) : undefined;
    if (!found) throw call.viewer.admin ? refuse(404, '404 Not Found') : unauthorized();
    if (!encompasses(call, source, found.row.accessLevel)) {
      throw badRequest('Not eligible to rotate tokens with permissions not held by the user');
    }
    return rotated(call, found, sent.expires_at);
  };
}

/** POST .../self/rotate: a bot renews the very token it calls with; for all other tokens it is no method. */
function rotateSelf(kind: SourceKind): Handler {
  return (call) => {
    const sent = check(call.params, { expires_at: { type: 'date' } });
    const source = findSource(call, kind);
    if (userOf(call).userType !== 'project_bot') throw refuse(405, '405 Method Not Allowed');
    const found = call.token ? findBotToken(call, source, call.token.id) : undefined;
    if (!found) throw unauthorized();
    return rotated(call, found, sent.expires_at);
  };
}

function rotated(call: Call, { token, row }: BotToken, expiresAt: string | null | undefined) {
  const made = rotateToken(call, token, expiresAt);
  return json(200, botTokenEntity(call.world, { token: made, row }, { withValue: true }));
}

/** DELETE revokes the token. The bot and its membership stay. */
function revoke(kind: SourceKind): Handler {
  return (call) => {
    const id = numberOf(call);
    const source = findSource(call, kind);
    const found = findBotToken(call, source, id);
    if (!found) throw nothingToRevoke(source, pathParam(call, 'token_id'));
    if (!managesTokens(call, source)) {
      const bot = call.world.users.get(found.row.userId);
      throw badRequest(`${userOf(call).name} cannot delete ${bot?.name ?? ''}`);
    }
    checkUnmodified(call, found.token.createdAt);
    found.token.revoked = true;
    return NO_CONTENT;
  };
}

function routesOf(kind: SourceKind): Route[] {
  const base = `/${kind.toLowerCase()}s/:id/access_tokens`;
  return [
    { method: 'GET', path: base, handler: list(kind) },
    { method: 'POST', path: base, handler: createBotToken(kind) },
    { method: 'GET', path: `${base}/:token_id`, handler: get(kind) },
    { method: 'DELETE', path: `${base}/:token_id`, handler: revoke(kind) },
    { method: 'POST', path: `${base}/self/rotate`, handler: rotateSelf(kind), scopes: ['self_rotate'] },
    { method: 'POST', path: `${base}/:token_id/rotate`, handler: rotate(kind) },
  ];
}

/** Tokens that belong to a group or project; each has a bot user with a membership (docs/gitlab.md §access tokens). */
export const ACCESS_TOKEN_ROUTES: readonly Route[] = [...routesOf('Group'), ...routesOf('Project')];
