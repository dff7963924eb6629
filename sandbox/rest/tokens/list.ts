import { check, type RawParams } from '../../http/params.ts';
import { dateIn, isActive, type Token, type World } from '../../model/index.ts';
import { compareText } from '../search.ts';

const RULES = {
  user_id: { type: 'string' },
  revoked: { type: 'bool' },
  state: { type: 'string', values: ['active', 'inactive'] },
  created_before: { type: 'string' },
  created_after: { type: 'string' },
  last_used_before: { type: 'string' },
  last_used_after: { type: 'string' },
  expires_before: { type: 'date' },
  expires_after: { type: 'date' },
  search: { type: 'string' },
  sort: { type: 'string' },
} as const;

const LAST = '9999-12-31';
const ORDERS: Record<string, (a: Token, b: Token) => number> = {
  created: (a, b) => a.createdAt - b.createdAt,
  expires: (a, b) => compareText(a.expiresAt ?? LAST, b.expiresAt ?? LAST),
  last_used: (a, b) => (a.lastUsedAt ?? 0) - (b.lastUsedAt ?? 0),
  name: (a, b) => compareText(a.name, b.name),
};

/** Revoked, or past the day of its end: a token that ended as today began is in neither state (docs/gitlab.md §access tokens). */
function isInactive(world: World, token: Token): boolean {
  return token.revoked || (token.expiresAt !== null && token.expiresAt < dateIn(world.clock.now(), 'UTC'));
}

/** Filters and sorts tokens by the parameters all token lists share; an unknown sort is ignored. */
export function filterTokens(world: World, tokens: Iterable<Token>, params: RawParams): Token[] {
  const sent = check(params, RULES);
  const at = (text: string | undefined): number => (text === undefined ? Number.NaN : Date.parse(text));
  const keep = (token: Token): boolean => {
    const used = token.lastUsedAt;
    const drops: readonly (boolean | undefined)[] = [
      sent.revoked !== undefined && token.revoked !== sent.revoked,
      sent.state === 'active' && !isActive(world, token),
      sent.state === 'inactive' && !isInactive(world, token),
      token.createdAt > at(sent.created_before),
      token.createdAt < at(sent.created_after),
      sent.last_used_before !== undefined && (used === null || used > at(sent.last_used_before)),
      sent.last_used_after !== undefined && (used === null || used < at(sent.last_used_after)),
      sent.expires_before != null && (token.expiresAt === null || token.expiresAt >= sent.expires_before),
      sent.expires_after != null && (token.expiresAt === null || token.expiresAt < sent.expires_after),
      sent.search !== undefined && !token.name.toLowerCase().includes(sent.search.toLowerCase()),
    ];
    return !drops.some(Boolean);
  };
  const found = [...tokens].filter(keep);
  const [, key = '', direction] = /^(.+)_(asc|desc)$/.exec(sent.sort ?? '') ?? [];
  const order = ORDERS[key];
  if (!order) return found.sort((a, b) => a.id - b.id);
  const sign = direction === 'desc' ? -1 : 1;
  return found.sort((a, b) => sign * (order(a, b) || a.id - b.id));
}
