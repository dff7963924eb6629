import { dateIn } from './dates.ts';
import type { Token } from './types.ts';
import { pullFrom, pushTo, takeId, type World } from './world.ts';

export type NewToken = Partial<Omit<Token, 'id'>> & Pick<Token, 'userId' | 'scopes'>;

/** Adds a token. Without `value` it gets one made from its number, the same in every run. */
export function addToken(world: World, input: NewToken): Token {
  const id = takeId(world, 'token');
  const token: Token = {
    value: `glpat-sandbox-${String(id).padStart(6, '0')}`,
    name: `token ${String(id)}`,
    description: null,
    expiresAt: null,
    revoked: false,
    createdAt: world.clock.now(),
    lastUsedAt: null,
    lastUsedIps: [],
    impersonation: false,
    previousId: null,
    ...input,
    id,
  };
  world.tokens.set(id, token);
  world.index.tokenByValue.set(token.value, token);
  pushTo(world.index.tokensByUser, token.userId, token);
  return token;
}

/** Tokens die at 00:00 UTC at the start of their last day, whatever the instance's zone. */
export function isExpired(world: World, token: Token): boolean {
  return token.expiresAt !== null && token.expiresAt <= dateIn(world.clock.now(), 'UTC');
}

/** Neither revoked nor expired. */
export function isActive(world: World, token: Token): boolean {
  return !token.revoked && !isExpired(world, token);
}

/** Revokes every active token that descends by rotation from a revoked one (reuse detection). */
export function revokeFamily(world: World, token: Token): void {
  let child = childOf(world, token);
  while (child) {
    child.revoked = true;
    child = childOf(world, child);
  }
}

function childOf(world: World, token: Token): Token | undefined {
  return tokensOf(world, token.userId).find((other) => other.previousId === token.id);
}

/** All tokens of a user in order of id. */
export function tokensOf(world: World, userId: number): readonly Token[] {
  return world.index.tokensByUser.get(userId) ?? [];
}

/** Forgets a token as if it had never been. */
export function removeToken(world: World, token: Token): void {
  world.tokens.delete(token.id);
  world.index.tokenByValue.delete(token.value);
  pullFrom(world.index.tokensByUser, token.userId, token);
}
