import type { AccessTokenRecord, MemberRecord, SourceRef, UserRecord } from '../gitlab/records.ts';
import type { Loaders } from '../loaders/loaders.ts';
import { accessLevelOf } from './access-level.ts';
import { tokenGlobalId } from './global-id.ts';
import type { AccessTokenNode, SourceNode } from './nodes.ts';
import { toNode } from './to-node.ts';

/** The kind of the tokens of each kind of place. */
export const TOKEN_KIND = { group: 'GROUP', project: 'PROJECT' } as const;

/** Where a bot is a member, and its row there. */
export type BotPlace = { source: SourceRef; row: MemberRecord };

/** A token in a list: with its bot's place where the list does not tell it, and the group or project whose list it is. */
export type ListedToken = { record: AccessTokenRecord; bot: BotPlace | null; home: SourceNode | null };

/** A token as resolvers pass it on. */
export function toToken(connectionId: string, { record, bot, home }: ListedToken): AccessTokenNode {
  const { id, userId, name, scopes, active, revoked, createdAt, expiresAt, lastUsedAt } = record;
  const place = record.source ?? bot?.source ?? null;
  const level = record.accessLevel ?? bot?.row.accessLevel ?? null;
  return {
    connectionId,
    id: tokenGlobalId(connectionId, id, place ?? { kind: 'user', id: userId }),
    gitlabId: id,
    kind: place === null ? 'PERSONAL' : TOKEN_KIND[place.kind],
    userId,
    name,
    scopes,
    active,
    revoked,
    createdAt,
    expiresAt,
    lastUsedAt,
    accessLevel: level === null ? null : accessLevelOf(level),
    accessLevelValue: level,
    place,
    home: home ?? (bot?.row.source ? toNode(connectionId, bot.row.source) : null),
    botRow: bot?.row ?? null,
  };
}

/**
 * The tokens out of a list of personal ones: GitLab keeps those of bots among them and does not say so. A bot has one direct row,
 * in the group or project whose token it is (docs/gitlab.md §access tokens). Users and rows are read together, for all at once.
 */
export async function withBots(loaders: Loaders, records: readonly AccessTokenRecord[]): Promise<ListedToken[]> {
  const users = await Promise.all(records.map(({ userId }) => loaders.userById.load(userId)));
  const bots = await Promise.all(
    users.map(async (user) => (user?.kind === 'TOKEN_BOT' ? botPlace(loaders, user) : null)),
  );
  return records.map((record, index) => ({ record, bot: bots[index] ?? null, home: null }));
}

/** The group or project of a token's bot; null where GitLab shows no row of it to this connection. */
export async function botPlace(loaders: Loaders, { id: userId }: UserRecord): Promise<BotPlace | null> {
  const pages = await Promise.all(
    (['group', 'project'] as const).map((kind) => loaders.memberships.load({ userId, kind, first: 1, after: null })),
  );
  const row = pages.flatMap((page) => page?.items ?? [])[0];
  return row?.source ? { source: { kind: row.source.kind, id: row.source.id }, row } : null;
}
