import { createHash } from 'node:crypto';

import { check } from '../../http/params.ts';
import { badRequest, json, type Reply } from '../../http/reply.ts';
import { ACCESS, addMember, addUser, removeUser, type SourceKind, type User } from '../../model/index.ts';
import { userOf, type Call, type Handler } from '../context.ts';
import { botTokenEntity } from '../entities/tokens.ts';
import { findSource, type Source } from '../lookup.ts';
import { encompasses } from '../members/rights.ts';
import { createToken, dateFault } from '../tokens/service.ts';
import { managesTokens } from './rights.ts';

const LEVELS = [10, 15, 20, 30, 40, 50];
const SCOPES = [
  'api',
  'read_api',
  'self_rotate',
  'create_runner',
  'manage_runner',
  'k8s_proxy',
  'ai_features',
  'mcp',
  'read_repository',
  'write_repository',
  'read_registry',
  'write_registry',
  'read_virtual_registry',
  'write_virtual_registry',
  'read_observability',
  'write_observability',
];
const RULES = {
  name: { type: 'string', required: true },
  scopes: { type: 'strings', required: true, values: SCOPES },
  expires_at: { type: 'date' },
  access_level: { type: 'int', values: LEVELS },
  description: { type: 'string' },
} as const;

/** POST .../access_tokens: makes a bot user, its membership without a date, and its token. */
export function createBotToken(kind: SourceKind): Handler {
  return (call) => {
    const sent = check(call.params, RULES);
    const source = findSource(call, kind);
    const level = sent.access_level ?? ACCESS.MAINTAINER;
    checkRights(call, source, level);
    if (!('expires_at' in sent)) throw badRequest('expires_at is missing');
    return make(call, source, level, {
      name: sent.name,
      scopes: sent.scopes,
      expiresAt: sent.expires_at,
      description: sent.description ?? null,
    });
  };
}

function checkRights(call: Call, source: Source, level: number): void {
  const robot = userOf(call).userType === 'project_bot';
  if (robot || !managesTokens(call, source)) {
    throw badRequest(`User does not have permission to create ${source.kind.toLowerCase()} access token`);
  }
  if (!encompasses(call, source, level)) {
    throw badRequest('Access level of the token contains permissions not held by the creating user');
  }
}

function make(call: Call, source: Source, level: number, wish: Parameters<typeof createToken>[2]): Reply {
  const bot = addBot(call, source, wish.name);
  const fault = dateFault(call, bot, wish.expiresAt ?? null);
  if (fault !== null) {
    removeUser(call.world, bot);
    throw badRequest(fault);
  }
  const place = { sourceKind: source.kind, sourceId: source.id, userId: bot.id };
  const row = addMember(call.world, { ...place, accessLevel: level, createdById: userOf(call).id });
  // A bot's authorizations are made with its membership, not by the job.
  for (const stale of call.world.index.staleAuthorizations.values()) stale.delete(bot.id);
  const token = createToken(call, bot, wish);
  return json(201, botTokenEntity(call.world, { token, row }, { withValue: true }));
}

function addBot(call: Call, source: Source, name: string): User {
  const { world } = call;
  const hex = createHash('md5')
    .update(`bot ${String(world.nextId.user)}`)
    .digest('hex');
  const username = `${source.kind.toLowerCase()}_${String(source.id)}_bot_${hex}`;
  return addUser(world, {
    username,
    name,
    email: `${username}@noreply.${new URL(call.baseUrl).hostname}`,
    userType: 'project_bot',
    canCreateGroup: false,
    createdById: userOf(call).id,
  });
}
