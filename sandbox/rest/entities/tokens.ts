import { isActive, type Token, type World } from '../../model/index.ts';
import { isoTime } from './users.ts';

/** PersonalAccessToken; `withValue` only when it was just made. */
export function tokenEntity(
  world: World,
  token: Token,
  options: { withValue?: boolean } = {},
): Record<string, unknown> {
  return {
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: isoTime(token.createdAt),
    description: token.description,
    scopes: token.scopes,
    user_id: token.userId,
    last_used_at: isoTime(token.lastUsedAt),
    active: isActive(world, token),
    expires_at: token.expiresAt,
    ...(options.withValue ? { token: token.value } : { last_used_ips: token.lastUsedIps }),
  };
}
