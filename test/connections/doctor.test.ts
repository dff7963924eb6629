import { describe, expect, it } from '@jest/globals';
import { examine } from '../../src/connections/doctor/doctor.ts';
import type { CheckCode, ConnectionCheck, TestResult } from '../../src/connections/records.ts';
import { CHECK_CODES } from '../../src/connections/records.ts';
import type { Script } from './fake-client.ts';
import { BASE_URL, NOW, account, fakeClient, group, healthy, refusal, token } from './fake-client.ts';

const SECRET = 'glpat-sandbox-secret';
const admin = { ...account, username: 'gate-admin', webUrl: `${BASE_URL}/gate-admin`, kind: 'HUMAN' as const };
const asAdmin: Partial<Script> = { user: { ...admin, isAdmin: true, bot: false }, account: admin, groups: [] };

async function test(changes: Partial<Script>): Promise<TestResult & { calls: string[]; closed: boolean }> {
  const client = fakeClient({ ...healthy, ...changes });
  const target = { baseUrl: client.baseUrl, token: SECRET };
  const result = await examine(() => client, target, NOW);
  expect(JSON.stringify(result)).not.toContain(SECRET);
  return { ...result, calls: client.calls, closed: client.closed() };
}

async function check(code: CheckCode, changes: Partial<Script>): Promise<ConnectionCheck> {
  const { report } = await test(changes);
  const found = report.checks.find((one) => one.code === code);
  if (!found) {
    throw new Error(`The report has no ${code}.`);
  }
  if (found.status === 'WARN' || found.status === 'FAIL') {
    expect(found.remedy).toMatch(/\w{3,}.*\.$/);
  } else {
    expect(found.remedy).toBeNull();
  }
  return found;
}

describe('the doctor as a whole', () => {
  it('answers every code in order, each with what it saw', async () => {
    const { report } = await test({});
    expect(report.checks.map(({ code }) => code)).toEqual([...CHECK_CODES]);
    expect(report.checks.every(({ message }) => message.length > 10)).toBe(true);
    expect(report).toMatchObject({ passed: true, checkedAt: NOW.toISOString() });
  });

  it('tells who, with what, of which GitLab', async () => {
    expect(await test({})).toMatchObject({
      identity: { gitlabId: '42', username: 'jit-bot', name: 'JIT Bot', kind: 'SERVICE_ACCOUNT', isAdmin: false },
      instance: { version: '18.9.0-pre', enterprise: true, gitlabDotCom: false },
      token: { name: 'gateway', scopes: ['api'], expiresAt: '2026-12-31' },
      instanceAddress: BASE_URL,
    });
  });

  it('takes five calls, and one more for an administrator, and leaves no client open', async () => {
    const plain = await test({});
    expect(plain.calls.sort()).toEqual(['currentUser', 'metadata', 'ownGroups', 'tokenSelf', 'usersById']);
    expect(plain.closed).toBe(true);
    expect((await test(asAdmin)).calls).toHaveLength(6);
  });

  it('stops at the first fatal check after one call, and says so on all that follow', async () => {
    const { report, calls, identity, instance, token: told } = await test({ token: refusal('UNAUTHENTICATED') });
    expect(calls).toEqual(['tokenSelf']);
    expect(report.passed).toBe(false);
    expect([identity, instance, told]).toEqual([null, null, null]);
    const after = report.checks.slice(CHECK_CODES.indexOf('TOKEN_VALID') + 1);
    expect(after).toHaveLength(10);
    expect(after.every((one) => one.status === 'SKIP' && one.message.includes('because TOKEN_VALID failed'))).toBe(
      true,
    );
  });

  it('reports a forbidden address when not even a client can be made', async () => {
    const clientFactory = () => {
      throw refusal('HOST_NOT_ALLOWED', '10.0.0.7 is a private address.');
    };
    const { report } = await examine(clientFactory, { baseUrl: 'https://10.0.0.7', token: SECRET }, NOW);
    expect(report.checks[0]).toMatchObject({
      code: 'REACHABLE',
      status: 'FAIL',
      message: '10.0.0.7 is a private address.',
    });
    expect(report.checks[0]?.remedy).toContain('ALLOW_PRIVATE_GITLAB');
    expect(report.checks[0]?.remedy).toContain('ALLOW_INSECURE_GITLAB');
    expect(report.checks.slice(1).every(({ status }) => status === 'SKIP')).toBe(true);
  });

  it('does not hide a fault of its own behind a report', async () => {
    const clientFactory = () => {
      throw new TypeError('a bug');
    };
    await expect(examine(clientFactory, { baseUrl: BASE_URL, token: SECRET }, NOW)).rejects.toThrow('a bug');
  });
});

type Row = [code: CheckCode, status: ConnectionCheck['status'], seen: RegExp, changes: Partial<Script>];

const redirect = (location: string): Partial<Script> => ({
  token: refusal('REDIRECTED', 'It redirects.', { location }),
});
const address: Row[] = [
  ['REACHABLE', 'PASS', /gitlab\.example\.com answers/, {}],
  ['REACHABLE', 'PASS', /answers/, { token: refusal('TLS') }],
  ['REACHABLE', 'FAIL', /UNREACHABLE/, { token: refusal('UNREACHABLE') }],
  ['REACHABLE', 'FAIL', /TIMEOUT/, { token: refusal('TIMEOUT') }],
  ['REACHABLE', 'FAIL', /HOST_NOT_ALLOWED/, { token: refusal('HOST_NOT_ALLOWED') }],
  ['REACHABLE', 'FAIL', /UNAVAILABLE/, { token: refusal('UNAVAILABLE') }],
  ['TLS', 'PASS', /certificate is trusted/, {}],
  ['TLS', 'WARN', /not encrypted/, { baseUrl: 'http://gitlab.example.com' }],
  ['TLS', 'FAIL', /self-signed/, { token: refusal('TLS', 'The certificate is self-signed.') }],
  ['TLS', 'SKIP', /REACHABLE failed/, { token: refusal('UNREACHABLE') }],
  ['IS_GITLAB', 'PASS', /speaks the GitLab API/, {}],
  ['IS_GITLAB', 'PASS', /speaks the GitLab API/, { token: refusal('UNAUTHENTICATED') }],
  ['IS_GITLAB', 'FAIL', /NOT_GITLAB/, { token: refusal('NOT_GITLAB') }],
  [
    'IS_GITLAB',
    'FAIL',
    /redirects to https:\/\/other\.example\.com\/git\.$/,
    redirect('https://other.example.com/git/api/v4/user'),
  ],
  ['IS_GITLAB', 'FAIL', /\/users\/sign_in, which is not the API/, redirect('/users/sign_in?token=x')],
  ['IS_GITLAB', 'FAIL', /redirects elsewhere/, { token: refusal('REDIRECTED') }],
  ['IS_GITLAB', 'FAIL', /UNREADABLE/, { metadata: refusal('UNREADABLE') }],
  ['IS_GITLAB', 'SKIP', /TLS failed/, { token: refusal('TLS') }],
];

const metadata = (version: string): Partial<Script> => ({ metadata: { version, revision: null, enterprise: false } });
const tokens: Row[] = [
  ['VERSION', 'PASS', /18\.9\.0-pre \(Enterprise Edition\)/, {}],
  ['VERSION', 'PASS', /17\.6\.0 \(Community Edition\)/, metadata('17.6.0')],
  ['VERSION', 'WARN', /17\.5\.9-ee/, metadata('17.5.9-ee')],
  ['VERSION', 'WARN', /16\.0\.1/, metadata('16.0.1')],
  ['VERSION', 'WARN', /cannot be read/, metadata('master')],
  ['VERSION', 'FAIL', /15\.11\.0.*too old/, metadata('15.11.0')],
  ['VERSION', 'FAIL', /older than 15\.5/, { token: refusal('NO_SUCH_ENDPOINT') }],
  ['VERSION', 'FAIL', /UNAVAILABLE/, { metadata: refusal('UNAVAILABLE') }],
  ['VERSION', 'SKIP', /TOKEN_VALID failed/, { token: refusal('TOKEN_REVOKED') }],
  ['TOKEN_VALID', 'PASS', /"gateway"/, {}],
  ['TOKEN_VALID', 'FAIL', /no longer active/, { token: { ...token, active: false } }],
  ['TOKEN_VALID', 'FAIL', /does not know this token/, { token: refusal('UNAUTHENTICATED') }],
  ['TOKEN_VALID', 'FAIL', /is expired/, { token: refusal('TOKEN_EXPIRED') }],
  ['TOKEN_VALID', 'FAIL', /was revoked/, { token: refusal('TOKEN_REVOKED') }],
  [
    'TOKEN_VALID',
    'FAIL',
    /account may not be used: .*blocked/,
    { token: refusal('ACCOUNT_BLOCKED', 'Not usable.', { text: 'Your account has been blocked.' }) },
  ],
  ['TOKEN_VALID', 'FAIL', /not a personal access token/, { token: refusal('INVALID') }],
  ['TOKEN_VALID', 'FAIL', /refuses the token here/, { token: refusal('FORBIDDEN') }],
  ['TOKEN_VALID', 'SKIP', /IS_GITLAB failed/, { token: refusal('NOT_GITLAB') }],
  ['TOKEN_EXPIRY', 'PASS', /2026-12-31 at 00:00 UTC, in 321 days/, {}],
  ['TOKEN_EXPIRY', 'PASS', /in 8 days/, { token: { ...token, expiresAt: '2026-02-21' } }],
  ['TOKEN_EXPIRY', 'WARN', /in 7 days/, { token: { ...token, expiresAt: '2026-02-20' } }],
  ['TOKEN_EXPIRY', 'WARN', /in 1 day\./, { token: { ...token, expiresAt: '2026-02-14' } }],
  ['TOKEN_EXPIRY', 'WARN', /never expires/, { token: { ...token, expiresAt: null } }],
  ['TOKEN_EXPIRY', 'FAIL', /expired on 2026-02-13/, { token: { ...token, expiresAt: '2026-02-13' } }],
  ['TOKEN_EXPIRY', 'FAIL', /past its expiry date/, { token: refusal('TOKEN_EXPIRED') }],
  ['TOKEN_EXPIRY', 'SKIP', /TOKEN_VALID failed/, { token: refusal('TOKEN_REVOKED') }],
  ['TOKEN_SCOPE', 'PASS', /scopes: api/, {}],
  [
    'TOKEN_SCOPE',
    'FAIL',
    /lacks the scope api; it has: read_api, read_user/,
    { token: { ...token, scopes: ['read_api', 'read_user'] } },
  ],
  ['TOKEN_SCOPE', 'FAIL', /lack of scope/, { token: refusal('INSUFFICIENT_SCOPE') }],
  ['TOKEN_SCOPE', 'SKIP', /TOKEN_VALID failed/, { token: refusal('TOKEN_REVOKED') }],
];

const person = (changes: Partial<typeof account>): Partial<Script> => {
  const who = { ...account, kind: 'HUMAN' as const, ...changes };
  return { user: { ...who, isAdmin: false, bot: false }, account: who };
};
const bot = (username: string): Partial<Script> => {
  const who = { ...account, kind: 'TOKEN_BOT' as const, username, webUrl: `${BASE_URL}/${username}` };
  return { user: { ...who, isAdmin: false, bot: true }, account: who };
};
const noScope: Partial<Script> = {
  token: { ...token, scopes: ['read_repository'] },
  user: refusal('INSUFFICIENT_SCOPE'),
  metadata: refusal('INSUFFICIENT_SCOPE'),
};
const accounts: Row[] = [
  ['IDENTITY', 'PASS', /service account @jit-bot \(JIT Bot\)/, {}],
  ['IDENTITY', 'PASS', /user @jit-bot .*only the gateway uses/, person({})],
  ['IDENTITY', 'WARN', /first administrator, @root/, person({ id: '1', username: 'root', webUrl: `${BASE_URL}/root` })],
  ['IDENTITY', 'FAIL', /group access token.*@group_5_bot_0a1b/, bot('group_5_bot_0a1b')],
  ['IDENTITY', 'FAIL', /project access token.*@project_9_bot_0a1b/, bot('project_9_bot_0a1b')],
  ['IDENTITY', 'FAIL', /does not tell what kind/, person({ kind: 'OTHER' })],
  ['IDENTITY', 'FAIL', /does not tell what kind/, { account: null }],
  ['IDENTITY', 'FAIL', /does not end in the username/, person({ webUrl: `${BASE_URL}/-/u/42` })],
  ['IDENTITY', 'FAIL', /NOT_GITLAB/, { account: refusal('NOT_GITLAB') }],
  ['IDENTITY', 'FAIL', /UNAVAILABLE/, { user: refusal('UNAVAILABLE') }],
  ['IDENTITY', 'SKIP', /TOKEN_SCOPE failed/, noScope],
  ['ADMINISTRATOR', 'PASS', /@gate-admin is an administrator/, asAdmin],
  ['ADMINISTRATOR', 'SKIP', /no administrator/, {}],
  ['ADMINISTRATOR', 'SKIP', /TOKEN_SCOPE failed/, noScope],
  ['ADMIN_MODE', 'PASS', /answers an administrator's call/, asAdmin],
  ['ADMIN_MODE', 'WARN', /lacks the scope admin_mode/, { ...asAdmin, admin: false }],
  [
    'ADMIN_MODE',
    'WARN',
    /though the token has the scope/,
    { ...asAdmin, admin: false, token: { ...token, scopes: ['api', 'admin_mode'] } },
  ],
  ['ADMIN_MODE', 'FAIL', /TIMEOUT/, { ...asAdmin, admin: refusal('TIMEOUT') }],
  ['ADMIN_MODE', 'SKIP', /Only for administrators/, {}],
];

const groups = (...list: Script['groups'] & object[]): Partial<Script> => ({ groups: list });
const reaches: Row[] = [
  ['REACH', 'PASS', /whole instance/, asAdmin],
  [
    'REACH',
    'PASS',
    /^2 groups with all below: acme \(Owner\), sec\/ops \(Maintainer\)/,
    groups(group('acme'), group('acme/api'), group('sec/ops', 40)),
  ],
  ['REACH', 'PASS', /by an invited group/, groups(group('acme', null))],
  [
    'REACH',
    'PASS',
    /at least 100 groups.*and 90 more/,
    groups(...Array.from({ length: 100 }, (_, i) => group(`g${String(i)}`))),
  ],
  ['REACH', 'FAIL', /member of no group/, groups()],
  ['REACH', 'FAIL', /member of no group/, { ...asAdmin, admin: false }],
  ['REACH', 'FAIL', /UNAVAILABLE/, { groups: refusal('UNAVAILABLE') }],
  ['REACH', 'SKIP', /TOKEN_SCOPE failed/, noScope],
  ['OWNER_ROLE', 'PASS', /administrator may manage/, asAdmin],
  ['OWNER_ROLE', 'PASS', /Owner of acme\./, groups(group('acme'), group('acme/api', 30))],
  ['OWNER_ROLE', 'WARN', /Not Owner of sec \(Developer\)/, groups(group('acme'), group('sec', 30))],
  ['OWNER_ROLE', 'FAIL', /Owner nowhere: acme \(Maintainer\)/, groups(group('acme', 40))],
  ['OWNER_ROLE', 'SKIP', /REACH failed/, groups()],
  ['EXTERNAL_SYNC', 'PASS', /No LDAP or SAML links on the 1 group/, {}],
  ['EXTERNAL_SYNC', 'WARN', /links set the members of acme\/ops:/, groups(group('acme'), group('acme/ops', 50, true))],
  ['EXTERNAL_SYNC', 'SKIP', /when access is granted/, asAdmin],
];

const health = (changes: Partial<Script['health']>): Partial<Script> => ({ health: { ...healthy.health, ...changes } });
const limit = (remaining: number) =>
  health({ rateLimit: { limit: 2000, remaining, resetAt: new Date('2026-02-13T10:01:00Z') } });
const limits: Row[] = [
  ['CLOCK_SKEW', 'PASS', /0\.1 s ahead of ours/, {}],
  ['CLOCK_SKEW', 'WARN', /5\.1 s behind ours/, health({ clockSkewMs: -5_100 })],
  ['CLOCK_SKEW', 'WARN', /61\.0 s ahead of ours: expiry dates/, health({ clockSkewMs: 61_000 })],
  ['CLOCK_SKEW', 'SKIP', /did not send the time/, health({ clockSkewMs: null })],
  ['RATE_BUDGET', 'PASS', /no general limit/, {}],
  ['RATE_BUDGET', 'PASS', /200 of 2000 calls are left/, limit(200)],
  ['RATE_BUDGET', 'WARN', /199 of 2000 calls are left until 2026-02-13T10:01:00.000Z/, limit(199)],
  [
    'RATE_BUDGET',
    'FAIL',
    /rate limit is used up/,
    { token: refusal('RATE_LIMITED', 'Wait.', { retryAfterMs: 30_000 }) },
  ],
  ['RATE_BUDGET', 'SKIP', /TOKEN_VALID failed/, { token: refusal('TOKEN_REVOKED') }],
];

describe.each([
  ['the address', address],
  ['the version and the token', tokens],
  ['the account', accounts],
  ['the reach', reaches],
  ['clock and limits', limits],
])('what the doctor says of %s', (_, rows) => {
  it.each(rows)('%s is %s when it sees %s (%#)', async (code, status, seen, changes) => {
    expect(await check(code, changes)).toMatchObject({ code, status, message: expect.stringMatching(seen) });
  });
});
