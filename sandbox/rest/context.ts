import { APPLICATION_LIMITS, type LimitName, type Limiter } from '../http/limits.ts';
import type { RawParams } from '../http/params.ts';
import type { ListAddress } from '../http/paginate.ts';
import { forbidden, json, Refusal, refuseError, unauthorized, type Reply } from '../http/reply.ts';
import type { WireRequest } from '../http/request.ts';
import type { Token, User, Viewer, World } from '../model/index.ts';

/** One REST call on its way through a handler. */
export interface Call {
  readonly world: World;
  readonly limiter: Limiter;
  readonly request: WireRequest;
  /** Path, query and body together; the path wins. */
  readonly params: RawParams;
  readonly viewer: Viewer;
  readonly token: Token | null;
  /** The instance's own address, without a slash at the end. */
  readonly baseUrl: string;
  readonly apiPath: string;
}

/** What a rule needs of a call, whichever API it came by. */
export type Asker = Pick<Call, 'world' | 'viewer'>;

export type Handler = (call: Call) => Reply;

/** A REST route under `/api/v4`. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handler: Handler;
  /** Anonymous callers get in too. */
  readonly open?: boolean;
  /** Scopes beside `api`, and `read_api` for reading, that the route takes; `any` takes all. */
  readonly scopes?: 'any' | readonly string[];
  /** Absent in the Community Edition. */
  readonly enterprise?: boolean;
}

/** The caller; anonymous ones are refused with 401. */
export function userOf(call: Call): User {
  if (!call.viewer.user) throw unauthorized();
  return call.viewer.user;
}

/** Refuses everybody but administrators. */
export function adminOnly(call: Call): void {
  if (!call.viewer.admin) throw forbidden();
}

/** Where the pages of this call's list live. */
export function addressOf(call: Call): ListAddress {
  const url = `${call.baseUrl}/api/v4${call.apiPath}`;
  return { url, queryText: call.request.queryText, params: call.params };
}

/** Counts a call against an application limit; `scope` narrows it beyond the caller. */
export function limit(call: Call, name: LimitName, scope = ''): void {
  if (!call.world.settings.rateLimits) return;
  const [calls, seconds] = APPLICATION_LIMITS[name];
  const who = call.viewer.user ? `u${String(call.viewer.user.id)}` : call.request.ip;
  if (call.limiter.count(`${name}:${who}:${scope}`, seconds) > calls) throw new Refusal(tooMany(seconds));
}

/** The 429 of an application limit (shape E): `Retry-After` is the whole interval. */
export function tooMany(seconds: number): Reply {
  const message = { error: 'This endpoint has been requested too many times. Try again later.' };
  return json(429, { message }, { 'Retry-After': String(seconds) });
}

/** 412 when the record changed after the time the caller names in `If-Unmodified-Since`. */
export function checkUnmodified(call: Call, updatedAtMs: number): void {
  const sent = call.request.headers['if-unmodified-since'];
  if (sent === undefined) return;
  const sinceMs = Date.parse(sent);
  if (!Number.isNaN(sinceMs) && updatedAtMs > sinceMs) {
    throw new Refusal(json(412, { message: '412 Precondition Failed' }));
  }
}

/** Refuses keyset paging where a list does not have it. */
export function noKeyset(): Refusal {
  return refuseError(405, 'Keyset pagination is not yet available for this type of request');
}
