import { isActive, type Member, type Token, type World } from '../../model/index.ts';
import { isoTime } from './users.ts';

function common(world: World, token: Token): Record<string, unknown> {
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
  };
}

/** PersonalAccessToken; `withValue` only when it was just made. */
export function tokenEntity(
  world: World,
  token: Token,
  options: { withValue?: boolean } = {},
): Record<string, unknown> {
  return {
    ...common(world, token),
    ...(options.withValue ? { token: token.value } : { last_used_ips: token.lastUsedIps }),
  };
}

/** ResourceAccessToken: a token of a group or project, with the level of its bot's row. */
export function botTokenEntity(
  world: World,
  { token, row }: { token: Token; row: Member },
  options: { withValue?: boolean } = {},
): Record<string, unknown> {
  return {
    ...common(world, token),
    access_level: row.accessLevel,
    resource_type: row.sourceKind.toLowerCase(),
    resource_id: row.sourceId,
    ...(options.withValue ? { token: token.value } : {}),
  };
}
