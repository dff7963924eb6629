import { z } from 'zod';
import type { AccessTokenRecord, SourceRef, TokenRecord } from '../records.ts';
import { numericId } from './rest.ts';

/** A token as GitLab lists it. Only named keys are kept: never the value that making and rotating one shows. */
export const tokenAnswer = z
  .object({
    id: numericId,
    name: z.string(),
    user_id: numericId,
    scopes: z.array(z.string()),
    active: z.boolean(),
    revoked: z.boolean(),
    created_at: z.string().nullish(),
    expires_at: z.string().nullish(),
    last_used_at: z.string().nullish(),
  })
  .transform((token): TokenRecord => ({
    id: token.id,
    name: token.name,
    userId: token.user_id,
    scopes: token.scopes,
    active: token.active,
    revoked: token.revoked,
    createdAt: token.created_at ?? null,
    expiresAt: token.expires_at ?? null,
    lastUsedAt: token.last_used_at ?? null,
  }));

/** A token out of the list of this group or project, with the level of its bot; null for lists of people's tokens. */
export function accessTokenAnswer(source: SourceRef | null): z.ZodType<AccessTokenRecord> {
  return z
    .intersection(tokenAnswer, z.object({ access_level: z.int().nullish() }))
    .transform(({ access_level: level, ...token }): AccessTokenRecord => ({
      ...token,
      source,
      accessLevel: level ?? null,
    }));
}
