import { afterEach, describe, expect, it } from '@jest/globals';
import type { GitLabErrorCode } from '../../src/gitlab/index.ts';
import { outcomeUnknown } from '../../src/gitlab/index.ts';
import { TOKEN, everythingOf, failure, rig } from './support/client.ts';
import type { Rig } from './support/client.ts';
import type { Answer } from './support/server.ts';

let open: Rig | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

async function rigged(answer: Answer, deps = {}): Promise<Rig> {
  open = await rig(() => answer, deps);
  return open;
}

const GROUP = { kind: 'group', id: '5' } as const;
const HTML = '<!DOCTYPE html><html><body>Sign in</body></html>';
const EXPIRED = 'Token is expired. You can either do re-authorization or token refresh.';
const SCOPE = { error: 'insufficient_scope', error_description: 'Higher privileges', scope: 'api read_api' };
const BLOCKED = '403 Forbidden - Your account has been blocked.';

describe('an answer that is no success', () => {
  const shapes: [string, Answer, GitLabErrorCode][] = [
    ['a group that is not shown', { status: 404, json: { message: '404 Group Not Found' } }, 'SOURCE_NOT_FOUND'],
    ['the same in other letters', { status: 404, json: { message: '404 group not found' } }, 'SOURCE_NOT_FOUND'],
    ['a bare 404 about a source', { status: 404, json: { message: '404 Not found' } }, 'SOURCE_NOT_FOUND'],
    ['a route that does not exist', { status: 404, json: { error: '404 Not Found' } }, 'NO_SUCH_ENDPOINT'],
    ['an old API', { status: 410, json: { error: 'API V3 is no longer supported.' } }, 'NO_SUCH_ENDPOINT'],
    ['a 404 page', { status: 404, body: HTML }, 'NOT_GITLAB'],
    ['an unknown token', { status: 401, json: { message: '401 Unauthorized' } }, 'UNAUTHENTICATED'],
    [
      'an expired token',
      { status: 401, json: { error: 'invalid_token', error_description: EXPIRED } },
      'TOKEN_EXPIRED',
    ],
    [
      'a revoked token',
      { status: 401, json: { error: 'invalid_token', error_description: 'Token was revoked.' } },
      'TOKEN_REVOKED',
    ],
    ['another token fault', { status: 401, json: { error: 'dpop_error', error_description: 'x' } }, 'UNAUTHENTICATED'],
    ['a scope that is too small', { status: 403, json: SCOPE }, 'INSUFFICIENT_SCOPE'],
    [
      'a granular scope',
      { status: 403, json: { ...SCOPE, error: 'insufficient_granular_scope' } },
      'INSUFFICIENT_SCOPE',
    ],
    ['a blocked account', { status: 403, json: { message: BLOCKED } }, 'ACCOUNT_BLOCKED'],
    ['a plain refusal', { status: 403, json: { message: '403 Forbidden' } }, 'FORBIDDEN'],
    ['a moved project', { status: 301, body: 'This resource has been moved permanently to x' }, 'REDIRECTED'],
    ['a method that is locked', { status: 405, json: { message: '405 Method Not Allowed' } }, 'METHOD_NOT_ALLOWED'],
    ['a lock', { status: 409, json: { message: '409 Conflict: Resource lock' } }, 'CONFLICT'],
    ['a changed record', { status: 412, json: { message: '412 Precondition Failed' } }, 'PRECONDITION_FAILED'],
    ['a parameter fault', { status: 400, json: { error: 'access_level is missing' } }, 'INVALID'],
    ['a refused entity', { status: 422, json: { message: '422 Unprocessable Entity' } }, 'INVALID'],
    ['a proxy page', { status: 502, body: HTML }, 'UNAVAILABLE'],
    ['nothing at all', { status: 500 }, 'UNAVAILABLE'],
  ];
  it.each(shapes)('tells %s', async (_what, answer, code) => {
    const { client } = await rigged(answer);
    expect((await failure(client.sourceDetail(GROUP))).code).toBe(code);
  });

  it('tells the member, the user and the source of a 404 apart', async () => {
    const texts = ['404 Not found', '404 User Not Found', '404 Project Not Found'];
    open = await rig((_seen, count) => ({ status: 404, json: { message: texts[count - 1] } }));
    const remove = async (): Promise<string> =>
      (await failure(open?.client.removeMember(GROUP, '7', { ifUnmodifiedSince: null }) ?? Promise.resolve())).code;
    expect([await remove(), await remove(), await remove()]).toEqual([
      'MEMBER_NOT_FOUND',
      'USER_NOT_FOUND',
      'SOURCE_NOT_FOUND',
    ]);
  });

  it('says what is wrong with which attribute', async () => {
    const message = { access_level: ['is not included in the list'], base: ['no seats'] };
    const { client } = await rigged({ status: 400, headers: { 'x-request-id': 'r1' }, json: { message } });
    const error = await failure(client.addMember(GROUP, '7', { accessLevel: 99, memberRoleId: null, expiresAt: null }));
    expect(error.details).toMatchObject({ status: 400, fields: message, requestId: 'r1' });
  });

  it('hands on the reason of a service answer, also where GitLab calls it a 201', async () => {
    const json = { status: 'error', message: 'No seats.', reason: 'seat_limit_exceeded_error' };
    const { client } = await rigged({ status: 201, json });
    const error = await failure(client.addMember(GROUP, '7', { accessLevel: 30, memberRoleId: null, expiresAt: null }));
    expect(error).toMatchObject({
      code: 'INVALID',
      details: { reason: 'seat_limit_exceeded_error', text: 'No seats.' },
    });
  });

  it('reads both kinds of 429, and waits no longer than they ask', async () => {
    const json = { message: { error: 'This endpoint has been requested too many times. Try again later.' } };
    // Twenty seconds into a minute: the window turns in forty.
    const now = (): Date => new Date(1_700_000_060_000);
    const date = now().toUTCString();
    const app = await rigged({ status: 429, headers: { 'retry-after': '60', date }, json }, { now });
    const first = await failure(app.client.tokenSelf());
    expect(first).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterMs: 40_500 } });
    await app.close();
    const headers = {
      'content-type': 'text/plain',
      'ratelimit-reset': '2000000030',
      date: new Date(2e12).toUTCString(),
    };
    const rack = await rigged({ status: 429, headers, body: 'Retry later\n' }, { now });
    expect(await failure(rack.client.tokenSelf())).toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterMs: 30_250 },
    });
    expect(rack.server.seen).toHaveLength(1);
  });
});

describe('a success that is none', () => {
  it('is no GitLab where a page comes instead of JSON', async () => {
    const { client } = await rigged({ status: 200, headers: { 'content-type': 'text/html' }, body: HTML });
    expect((await failure(client.metadata())).code).toBe('NOT_GITLAB');
  });

  it('is unreadable where the JSON is another', async () => {
    const { client } = await rigged({ status: 200, json: { hello: 'world' } });
    expect((await failure(client.metadata())).code).toBe('UNREADABLE');
  });

  it('leaves the outcome of a write open where its answer cannot be read', async () => {
    const { client } = await rigged({ status: 201, body: HTML });
    const error = await failure(client.addMember(GROUP, '7', { accessLevel: 30, memberRoleId: null, expiresAt: null }));
    expect(outcomeUnknown(error)).toBe(true);
  });

  it('is queued where GitLab waits for an administrator', async () => {
    const { client } = await rigged({
      status: 202,
      json: { message: { alice: 'Request queued for administrator approval.' } },
    });
    expect(await client.addMember(GROUP, '7', { accessLevel: 30, memberRoleId: null, expiresAt: null })).toBe('queued');
  });

  it('is unreadable where another user than the one asked for was written', async () => {
    const { client } = await rigged({ status: 201, json: { id: 8, username: 'bob', access_level: 30 } });
    const error = await failure(client.addMember(GROUP, '7', { accessLevel: 30, memberRoleId: null, expiresAt: null }));
    expect(error.code).toBe('UNREADABLE');
  });
});

describe('secrets', () => {
  it('never shows a token, though GitLab or a proxy repeats it', async () => {
    const { client } = await rigged({
      status: 400,
      json: { message: `bad token ${TOKEN} or glpat-another-1234567890` },
    });
    const error = await failure(client.sourceDetail(GROUP));
    expect(everythingOf(error)).not.toMatch(/glpat-/);
    expect(error.details.text).toBe('bad token [token] or [token]');
  });

  it('never shows what an unreadable answer held', async () => {
    const { client } = await rigged({ status: 200, json: { id: 5, runners_token: 'GR1348941-secret' } });
    expect(everythingOf(await failure(client.sourceDetail(GROUP)))).not.toContain('secret');
  });

  it('never shows a token in an error of the network', async () => {
    const { client } = await rigged('cut');
    expect(everythingOf(await failure(client.tokenSelf()))).not.toContain(TOKEN);
  });
});
