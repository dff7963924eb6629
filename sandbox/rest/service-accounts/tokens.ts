import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { json, NO_CONTENT, notFound, refuse, type Reply } from '../../http/reply.ts';
import { tokensOf, type Token } from '../../model/index.ts';
import { addressOf, noKeyset, type Call, type Route } from '../context.ts';
import { tokenEntity } from '../entities/tokens.ts';
import { pathParam } from '../lookup.ts';
import { filterTokens } from '../tokens/list.ts';
import { createToken, rotateToken } from '../tokens/service.ts';
import { accountOf, managed } from './group.ts';

function listTokens(call: Call): Reply {
  const user = accountOf(call, managed(call));
  if (call.params['pagination'] === 'keyset') throw noKeyset();
  const tokens = filterTokens(call.world, tokensOf(call.world, user.id), { ...call.params, user_id: '' });
  return paginate(addressOf(call), tokens, (token) => tokenEntity(call.world, token));
}

function createTokenFor(call: Call): Reply {
  const sent = check(call.params, {
    name: { type: 'string', required: true },
    scopes: { type: 'strings', required: true },
    expires_at: { type: 'date' },
    description: { type: 'string' },
  });
  const user = accountOf(call, managed(call));
  const wish = { ...sent, expiresAt: sent.expires_at, description: sent.description ?? null };
  return json(201, tokenEntity(call.world, createToken(call, user, wish), { withValue: true }));
}

function tokenOf(call: Call, missing: () => Error): Token {
  const user = accountOf(call, managed(call));
  const token = call.world.tokens.get(Number(pathParam(call, 'token_id')));
  if (token?.userId !== user.id) throw missing();
  return token;
}

function rotate(call: Call): Reply {
  const sent = check(call.params, { expires_at: { type: 'date' } });
  const made = rotateToken(
    call,
    tokenOf(call, () => refuse(404, '404 Not Found')),
    sent.expires_at,
  );
  return json(200, tokenEntity(call.world, made, { withValue: true }));
}

function revoke(call: Call): Reply {
  tokenOf(call, () => notFound('Personal Access Token')).revoked = true;
  return NO_CONTENT;
}

const TOKENS = '/groups/:id/service_accounts/:user_id/personal_access_tokens';

/** Tokens of a group's service accounts, for its Owners. */
export const ACCOUNT_TOKEN_ROUTES: readonly Route[] = [
  { method: 'GET', path: TOKENS, handler: listTokens, enterprise: true },
  { method: 'POST', path: TOKENS, handler: createTokenFor, enterprise: true },
  { method: 'POST', path: `${TOKENS}/:token_id/rotate`, handler: rotate, enterprise: true },
  { method: 'DELETE', path: `${TOKENS}/:token_id`, handler: revoke, enterprise: true },
];
