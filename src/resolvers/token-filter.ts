import type { AccessTokenFilter, AccessTokenKind } from '../generated/resolvers.ts';
import type { TokensQuery } from '../gitlab/client.ts';
import type { AccessTokenRecord } from '../gitlab/records.ts';

/** What tokens a list keeps. Null, or nothing: all of them. */
export type TokenFilter = AccessTokenFilter | null | undefined;

/** True where the list keeps tokens of this kind. */
export function wantsKind(filter: TokenFilter, kind: AccessTokenKind): boolean {
  return filter?.kinds?.includes(kind) ?? true;
}

/**
 * The part of a filter that GitLab may apply for us. It is a help only, so that fewer rows are read: an older GitLab knows none of
 * it, and every row is looked at again (docs/gitlab.md §access tokens).
 */
export function narrowing(filter: TokenFilter): Omit<TokensQuery, 'first' | 'after'> {
  const { active, expiringBefore, createdBefore, createdAfter, unusedSince } = filter ?? {};
  const madeBefore = [createdBefore, unusedSince].filter((at) => at != null).sort((a, b) => a.getTime() - b.getTime());
  return {
    activeOnly: active === true,
    expiresBefore: expiringBefore ?? null,
    createdBefore: madeBefore[0] ?? null,
    createdAfter: createdAfter ?? null,
  };
}

/** Whether a token passes all of the filter but its kinds; null where it lets every token pass. */
export function keeps(filter: TokenFilter): ((token: AccessTokenRecord) => boolean) | null {
  const { active, expiringBefore, createdBefore, createdAfter, unusedSince } = filter ?? {};
  const rules = [
    active != null && ((token: AccessTokenRecord) => token.active === active),
    expiringBefore != null && ((token: AccessTokenRecord) => isBefore(token.expiresAt, expiringBefore)),
    createdBefore != null && ((token: AccessTokenRecord) => at(token.createdAt) < createdBefore.getTime()),
    createdAfter != null && ((token: AccessTokenRecord) => at(token.createdAt) > createdAfter.getTime()),
    unusedSince != null && ((token: AccessTokenRecord) => isUnusedSince(token, unusedSince.getTime())),
  ].filter((rule) => rule !== false);
  return rules.length === 0 ? null : (token) => rules.every((rule) => rule(token));
}

/** The filter as part of what a cursor is good for: the same words, whatever order its fields came in. */
export function filterMark(filter: TokenFilter): unknown {
  const { kinds, active, expiringBefore, createdBefore, createdAfter, unusedSince } = filter ?? {};
  return [kinds && [...new Set(kinds)].sort(), active, expiringBefore, createdBefore, createdAfter, unusedSince];
}

/** Days as `YYYY-MM-DD` sort as text. */
function isBefore(day: string | null, limit: string): boolean {
  return day !== null && day < limit;
}

function isUnusedSince({ createdAt, lastUsedAt }: AccessTokenRecord, sinceMs: number): boolean {
  return at(createdAt) < sinceMs && (lastUsedAt === null || at(lastUsedAt) < sinceMs);
}

/** Not a number where GitLab did not tell: then no comparison holds. */
function at(time: string | null): number {
  return time === null ? Number.NaN : Date.parse(time);
}
