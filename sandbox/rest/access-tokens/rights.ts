import { notFound, refuse, type Refusal } from '../../http/reply.ts';
import { ACCESS, membersOf, tokensOf, type Member, type Token } from '../../model/index.ts';
import type { Call } from '../context.ts';
import type { Source } from '../lookup.ts';
import { callerLevel } from '../members/rights.ts';

/** A token of a group or project with the row of its bot. */
export interface BotToken {
  readonly token: Token;
  readonly row: Member;
}

/** The bots' tokens of a source, in order of id: every token of a robot with a direct row there. */
export function botTokens(call: Call, source: Source): BotToken[] {
  const rows = membersOf(call.world, source.kind, source.id);
  return rows
    .filter((row) => call.world.users.get(row.userId)?.userType === 'project_bot')
    .flatMap((row) => tokensOf(call.world, row.userId).map((token) => ({ token, row })))
    .sort((a, b) => a.token.id - b.token.id);
}

/** A token of the source by number; undefined where the source has none such. */
export function findBotToken(call: Call, source: Source, id: number): BotToken | undefined {
  return botTokens(call, source).find(({ token }) => token.id === id);
}

/** Owners of a group, Maintainers of a project (docs/gitlab.md §access tokens). */
export function managesTokens(call: Call, source: Source): boolean {
  return callerLevel(call, source) >= (source.kind === 'Group' ? ACCESS.OWNER : ACCESS.MAINTAINER);
}

/** `404 group Access Token Not Found`. */
export function noToken(source: Source): Refusal {
  return notFound(`${source.kind.toLowerCase()} Access Token`);
}

/** What DELETE says of a token that is not there. */
export function nothingToRevoke(source: Source, id: string): Refusal {
  const kind = source.kind.toLowerCase();
  return refuse(404, `404 Could not find ${kind} access token with token_id: ${id} Not Found`);
}
