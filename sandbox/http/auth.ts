import type { IncomingHttpHeaders } from 'node:http';

import { dateIn, isExpired, type Token, type User, type World } from '../model/index.ts';
import { header } from './request.ts';

/** Why a user may not use the API although the token is good. */
export type DeniedReason = 'blocked' | 'banned' | 'deactivated' | 'pending' | 'unconfirmed' | 'internal';

/** Who a request says it is. The scope is not looked at: each API has its own rule for it. */
export type Authentication =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'invalid'; readonly reason: 'unknown' | 'expired'; readonly token?: Token }
  | { readonly kind: 'invalid'; readonly reason: 'revoked'; readonly token: Token }
  | { readonly kind: 'forbidden'; readonly reason: DeniedReason; readonly user: User; readonly token: Token }
  | { readonly kind: 'user'; readonly user: User; readonly token: Token };

const DENIED: Partial<Record<User['state'], DeniedReason>> = {
  blocked: 'blocked',
  ldap_blocked: 'blocked',
  banned: 'banned',
  deactivated: 'deactivated',
  blocked_pending_approval: 'pending',
};

function presentedToken(headers: IncomingHttpHeaders, query: URLSearchParams): string | null {
  const bearer = /^Bearer (.+)$/i.exec(header(headers, 'authorization') ?? '')?.[1];
  return header(headers, 'private-token') ?? bearer ?? query.get('private_token') ?? query.get('access_token');
}

/** Finds the token's user. Order as in GitLab: unknown, expired, revoked, then the user's state (docs/gitlab.md §authentication). */
export function authenticate(
  world: World,
  request: { headers: IncomingHttpHeaders; queryText: string; ip: string },
): Authentication {
  const value = presentedToken(request.headers, new URLSearchParams(request.queryText));
  if (value === null || value === '') return { kind: 'anonymous' };
  const token = world.index.tokenByValue.get(value);
  const user = token && world.users.get(token.userId);
  if (!token || !user) return { kind: 'invalid', reason: 'unknown' };
  if (isExpired(world, token)) return { kind: 'invalid', reason: 'expired', token };
  if (token.revoked) return { kind: 'invalid', reason: 'revoked', token };
  const denied = user.confirmed ? (user.userType === 'ghost' ? 'internal' : DENIED[user.state]) : 'unconfirmed';
  if (denied) return { kind: 'forbidden', reason: denied, user, token };
  noteUse(world, token, user, request.ip);
  return { kind: 'user', user, token };
}

function noteUse(world: World, token: Token, user: User, ip: string): void {
  const nowMs = world.clock.now();
  if (token.lastUsedAt === null || nowMs - token.lastUsedAt > 60_000) {
    token.lastUsedAt = nowMs;
    user.lastActivityOn = dateIn(nowMs, 'UTC');
  }
  if (!token.lastUsedIps.includes(ip)) token.lastUsedIps = [ip, ...token.lastUsedIps].slice(0, 5);
}
