import type { CurrentUserRecord, UserKind, UserRecord } from '../gitlab/records.ts';
import type { ConnectionIdentity, IdentityKind } from './records.ts';

/**
 * What kind of account the token acts as. GraphQL's word for it decides; only what it calls a token bot is told
 * apart by name (`project_5_bot_…`, `group_5_bot_…`, docs/gitlab.md §tokens).
 * Null: an account that is neither person, service account nor token bot.
 */
export function identityKind(kind: UserKind, username: string): IdentityKind | null {
  switch (kind) {
    case 'SERVICE_ACCOUNT':
      return 'SERVICE_ACCOUNT';
    case 'HUMAN':
      return 'DEDICATED_USER';
    case 'TOKEN_BOT':
      return username.startsWith('project_') ? 'PROJECT_TOKEN_BOT' : 'GROUP_TOKEN_BOT';
    case 'OTHER':
      return null;
  }
}

/** The identity as saved; null where the kind of account cannot be told. */
export function identityOf(user: CurrentUserRecord, account: UserRecord | null): ConnectionIdentity | null {
  const kind = account && identityKind(account.kind, account.username);
  return kind && { gitlabId: user.id, username: user.username, name: user.name, kind, isAdmin: user.isAdmin };
}

/**
 * The external address that GitLab gives itself: `web_url` of a user less the username, without a slash at the end. It names
 * the instance, whatever address the gateway calls it by. Null where the URL is not made that way.
 */
export function instanceAddress(user: { webUrl: string; username: string }): string | null {
  const url = URL.canParse(user.webUrl) ? new URL(user.webUrl) : null;
  const path = url?.pathname.replace(/\/+$/, '') ?? '';
  const tail = `/${encodeURI(user.username)}`;
  if (!url || !path.toLowerCase().endsWith(tail.toLowerCase())) {
    return null;
  }
  return `${url.origin}${path.slice(0, -tail.length)}`;
}

/** No field of GitLab says so; its own server decides by the host name too (docs/gitlab.md §versions). */
export function isGitLabDotCom(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'gitlab.com' || hostname.endsWith('.gitlab.com');
}
