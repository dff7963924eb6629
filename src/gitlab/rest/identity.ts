import { z } from 'zod';
import type { Session } from '../session.ts';
import { restRead } from '../session.ts';
import { GitLabError } from '../errors.ts';
import { restCurrentUser } from '../parse/people.ts';
import { parseBody } from '../parse/rest.ts';
import { tokenAnswer } from '../parse/tokens.ts';
import type { CurrentUserRecord, MetadataRecord, RotatedToken, TokenRecord } from '../records.ts';

/** The token that this client sends; any scope may ask (docs/gitlab.md §tokens). */
export async function tokenSelf(session: Session): Promise<TokenRecord> {
  const call = restRead(session, { path: '/api/v4/personal_access_tokens/self', subject: 'other' });
  return parseBody(await session.exchange.read(call), tokenAnswer);
}

const secret = z.object({ token: z.string().regex(/^[\x21-\x7e]+$/) });

/**
 * Replaces the token that this client sends: GitLab revokes it in the same step. Sent once, always with an end (a date), and never
 * to be sent again with the same token, which would revoke the new one too (docs/gitlab.md §rotation).
 */
export async function rotateSelf(session: Session, expiresAt: string): Promise<RotatedToken> {
  const response = await session.exchange.write({
    method: 'POST',
    path: '/api/v4/personal_access_tokens/self/rotate',
    json: { expires_at: expiresAt },
    timeoutMs: session.timeouts.write,
    subject: 'other',
  });
  return { secret: parseBody(response, secret, false).token, record: parseBody(response, tokenAnswer, false) };
}

export async function currentUser(session: Session): Promise<CurrentUserRecord> {
  const call = restRead(session, { path: '/api/v4/user', subject: 'other' });
  return parseBody(await session.exchange.read(call), restCurrentUser);
}

const metadataAnswer = z
  .object({ version: z.string(), revision: z.string().nullish(), enterprise: z.boolean().optional() })
  .transform((answer): MetadataRecord => ({
    version: answer.version,
    revision: answer.revision ?? null,
    enterprise: answer.enterprise ?? answer.version.includes('-ee'),
  }));

/** Version and edition; the older route where the newer is absent (docs/gitlab.md §versions). */
export async function metadata(session: Session): Promise<MetadataRecord> {
  const ask = async (path: string): Promise<MetadataRecord> =>
    parseBody(await session.exchange.read(restRead(session, { path, subject: 'other' })), metadataAnswer);
  try {
    return await ask('/api/v4/metadata');
  } catch (error) {
    if (error instanceof GitLabError && error.code === 'NO_SUCH_ENDPOINT') return ask('/api/v4/version');
    throw error;
  }
}

/**
 * Whether the token acts as an administrator: with Admin Mode on and no such scope it does not, whatever its user's profile
 * says, so a call that only administrators may make is tried (docs/gitlab.md §admin mode).
 */
export async function probeAdmin(session: Session, userId: string): Promise<boolean> {
  const path = `/api/v4/users/${encodeURIComponent(userId)}/memberships`;
  try {
    await session.exchange.read(restRead(session, { path, query: { per_page: 1 }, subject: 'user' }));
    return true;
  } catch (error) {
    if (error instanceof GitLabError && error.code === 'FORBIDDEN') return false;
    throw error;
  }
}
