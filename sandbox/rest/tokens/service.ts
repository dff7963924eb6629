import { badRequest, refuse } from '../../http/reply.ts';
import { addDays, addToken, dateIn, type Token, type User } from '../../model/index.ts';
import type { Call } from '../context.ts';

/** Scopes a personal access token may carry; the second list is for administrators' tokens only. */
const SCOPES = [
  'api',
  'read_api',
  'read_user',
  'self_rotate',
  'create_runner',
  'manage_runner',
  'k8s_proxy',
  'ai_features',
  'mcp',
  'read_repository',
  'write_repository',
  'read_registry',
  'write_registry',
  'read_virtual_registry',
  'write_virtual_registry',
  'read_observability',
  'write_observability',
] as const;
const ADMIN_SCOPES = ['sudo', 'admin_mode', 'read_service_ping'] as const;

/** What a new token is made of. */
export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null | undefined;
  readonly description: string | null;
}

function today(call: Call): string {
  return dateIn(call.world.clock.now(), 'UTC');
}

/** Whether a token of this user must end: service accounts have their own switch. */
function mustExpire(call: Call, user: User): boolean {
  const { settings, groups } = call.world;
  if (user.userType !== 'service_account') return settings.requireTokenExpiry;
  const group = user.provisionedByGroupId === null ? undefined : groups.get(user.provisionedByGroupId);
  return settings.serviceTokensExpiryEnforced && group?.serviceTokensExpiryEnforced !== false;
}

function latestDate(call: Call): string {
  return addDays(today(call), call.world.settings.maxTokenDays);
}

/** What is wrong with the date of a token to be made; null for nothing. */
export function dateFault(call: Call, user: User, expiresAt: string | null): string | null {
  if (!mustExpire(call, user) || expiresAt === null || expiresAt <= latestDate(call)) return null;
  return `Expires at must be before ${addDays(latestDate(call), 1)}`;
}

/** Makes a token for a user with the rules of expiry; a date in the past is allowed and makes a dead token. */
export function createToken(call: Call, user: User, wish: TokenWish): Token {
  if (user.state !== 'active') throw refuse(422, 'Not permitted to create');
  const allowed: readonly string[] = user.admin ? [...SCOPES, ...ADMIN_SCOPES] : SCOPES;
  if (wish.scopes.length === 0) throw refuse(422, "Scopes can't be blank");
  if (wish.scopes.some((scope) => !allowed.includes(scope)))
    throw refuse(422, 'Scopes can only contain available scopes');
  const expiresAt = wish.expiresAt ?? (mustExpire(call, user) ? latestDate(call) : null);
  const fault = dateFault(call, user, expiresAt);
  if (fault) throw refuse(422, fault);
  return addToken(call.world, {
    userId: user.id,
    name: wish.name,
    scopes: [...wish.scopes],
    description: wish.description,
    expiresAt,
  });
}

/** Replaces a token: the old one is revoked in the same step, without grace (docs/gitlab.md §rotation). */
export function rotateToken(call: Call, token: Token, expiresAt: string | null | undefined): Token {
  const user = call.world.users.get(token.userId);
  if (token.revoked || !user) throw badRequest('Token already revoked');
  const until = expiresAt ?? (mustExpire(call, user) ? addDays(today(call), 7) : null);
  const fault = dateFault(call, user, until);
  if (fault) throw badRequest(fault);
  token.revoked = true;
  return addToken(call.world, {
    userId: token.userId,
    name: token.name,
    scopes: [...token.scopes],
    description: token.description,
    expiresAt: until,
    previousId: token.id,
  });
}
