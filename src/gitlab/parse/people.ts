import { z } from 'zod';
import type { UserState as GraphqlState, UserType as GraphqlType } from '../generated/operations.ts';
import type { CurrentUserRecord, UserKind, UserRecord, UserState } from '../records.ts';
import { numericId } from './rest.ts';
import { gidNumber } from './gid.ts';

const STATES: Record<string, UserState> = {
  active: 'ACTIVE',
  blocked: 'BLOCKED',
  ldap_blocked: 'BLOCKED',
  banned: 'BANNED',
  deactivated: 'DEACTIVATED',
  blocked_pending_approval: 'PENDING_APPROVAL',
};

/** A state that is newer than this code is OTHER. */
export const userState = (state: string): UserState => STATES[state] ?? 'OTHER';

const KINDS: Record<string, UserKind> = {
  HUMAN: 'HUMAN',
  SERVICE_ACCOUNT: 'SERVICE_ACCOUNT',
  PROJECT_BOT: 'TOKEN_BOT',
};

const TOKEN_BOT_NAME = /^(project|group)_\d+_bot/;

/** Below the version that has types, whether it is a bot stands in its place. */
export function isTextOrFlag(value: unknown): boolean {
  return isText(value) || typeof value === 'boolean';
}

/** Any text is let through: a state that is newer than our slice of the schema must not spoil the answer. */
export function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** A bot of no known type is a token's if it goes by such a generated name, and else a service account. */
export function kindOf(type: string | boolean, username: string): UserKind {
  if (typeof type === 'string') return KINDS[type] ?? 'OTHER';
  if (!type) return 'HUMAN';
  return TOKEN_BOT_NAME.test(username) ? 'TOKEN_BOT' : 'SERVICE_ACCOUNT';
}

/** The fields of a `UserCore` as our operations select them. */
export const userShape = {
  id: gidNumber,
  username: z.string(),
  name: z.string(),
  state: z.custom<GraphqlState>(isText),
  type: z.custom<GraphqlType>(isTextOrFlag),
  avatarUrl: z.string().nullable(),
  webUrl: z.string(),
};

type Parsed = Pick<UserRecord, 'id' | 'username' | 'name' | 'avatarUrl' | 'webUrl'> & {
  state: string;
  type: string | boolean;
};

/** States and types that are newer than this code are OTHER. */
export function toUser({ id, username, name, state, type, avatarUrl, webUrl }: Parsed): UserRecord {
  return { id, username, name, kind: kindOf(type, username), state: userState(state), avatarUrl, webUrl };
}

export const graphqlUser = z.object(userShape).transform(toUser);

/** `GET /user`. REST tells a bot, not its type: a token's bot goes by its generated name, any other is a service account. */
export const restCurrentUser = z
  .object({
    id: numericId,
    username: z.string(),
    name: z.string(),
    state: z.string(),
    avatar_url: z.string().nullish(),
    web_url: z.string(),
    bot: z.boolean().optional(),
    is_admin: z.boolean().optional(),
  })
  .transform((user): CurrentUserRecord => {
    const bot = user.bot === true;
    return {
      id: user.id,
      username: user.username,
      name: user.name,
      state: userState(user.state),
      kind: kindOf(bot, user.username),
      avatarUrl: user.avatar_url ?? null,
      webUrl: user.web_url,
      bot,
      isAdmin: user.is_admin === true,
    };
  });
