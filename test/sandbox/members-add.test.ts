import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openBench, type Answer, type Bench } from './ask.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.sandbox.close());

const person = (username: string): Promise<Answer> =>
  bench.api('POST', '/users', {
    body: { email: `${username}@example.com`, name: username, username, force_random_password: true },
  });
const add = (path: string, body: unknown, token?: string): Promise<Answer> =>
  bench.api('POST', `/${path}/members`, { body, ...(token === undefined ? {} : { token }) });
const acme = (): string => `groups/${String(bench.group('acme'))}`;
const ops = (): string => `groups/${String(bench.group('acme/ops'))}`;
const api = (): string => `projects/${String(bench.project('acme/api'))}`;
const said = (answer: Answer): unknown[] => [answer.status, answer.body];
const FORBIDDEN = [403, { message: '403 Forbidden' }];

describe('adding one member', () => {
  it('looks the person up before any right, with usernames in their exact letter case', async () => {
    const token = bench.sandbox.tokens.user;
    const missing = [404, { message: '404 User Not Found' }];
    expect(said(await add(acme(), { user_id: 999, access_level: 30 }, token))).toEqual(missing);
    expect(said(await add(acme(), { username: 'Root', access_level: 30 }))).toEqual(missing);
    expect((await add(acme(), { username: 'root', access_level: 30 })).status).toBe(201);
  });

  it('says 409 before it looks at the rights', async () => {
    const answer = await add(acme(), { user_id: bench.user('olivia'), access_level: 30 }, bench.sandbox.tokens.user);
    expect(said(answer)).toEqual([409, { message: 'Member already exists' }]);
  });

  it('checks parameters before everything else', async () => {
    expect(said(await add(acme(), { user_id: 1 }))).toEqual([400, { error: 'access_level is missing' }]);
    expect(said(await add(acme(), { access_level: 30 }))).toEqual([
      400,
      { error: 'user_id, username are missing, at least one parameter must be provided' },
    ]);
    expect(said(await add(acme(), { access_level: 30, user_id: 1, username: 'root' }))).toEqual([
      400,
      { error: 'user_id, username are mutually exclusive' },
    ]);
  });

  it('lets a Maintainer of a project add up to Maintainer, but neither Owner nor Planner', async () => {
    await person('mia');
    await person('max');
    const mia = bench.user('mia');
    bench.sandbox.settings({ authorizationDelayMs: 0 });
    await add(api(), { user_id: mia, access_level: 40 });
    const token = bench.tokenOf('mia');
    const max = bench.user('max');
    expect(said(await add(api(), { user_id: max, access_level: 50 }, token))).toEqual(FORBIDDEN);
    expect(said(await add(api(), { user_id: max, access_level: 15 }, token))).toEqual([
      400,
      { message: "max: the member access level can't be higher than the current user's one", status: 'error' },
    ]);
    expect((await add(api(), { user_id: max, access_level: 40, expires_at: '2026-04-01' }, token)).body).toMatchObject({
      access_level: 40,
      expires_at: '2026-04-01',
      created_by: { username: 'mia' },
    });
  });

  it('refuses levels below an inherited one, off the list, and dates in the past', async () => {
    const dana = bench.user('dana');
    expect(said(await add(ops(), { user_id: dana, access_level: 20 }))).toEqual([
      400,
      {
        message: {
          access_level: ['should be greater than or equal to Developer inherited membership from group Acme'],
        },
      },
    ]);
    expect((await add(ops(), { user_id: dana, access_level: 30 })).status).toBe(201);
    const root = bench.user('root');
    expect(said(await add(ops(), { user_id: root, access_level: 5, expires_at: '2026-03-01' }))).toEqual([
      400,
      {
        message: {
          access_level: ['is not included in the list', 'supported on top level groups only'],
          expires_at: ['cannot be a date in the past'],
        },
      },
    ]);
    expect((await add(ops(), { user_id: root, access_level: 30, expires_at: '2026-03-02' })).status).toBe(201);
  });

  it('adds blocked people, upgrades Minimal Access and approves a pending request', async () => {
    await person('blocked');
    await person('asker');
    await bench.api('POST', `/users/${String(bench.user('blocked'))}/block`);
    expect((await add(acme(), { user_id: bench.user('blocked'), access_level: 30 })).status).toBe(201);
    const place = { sourceKind: 'Group' as const, sourceId: bench.group('acme'), userId: bench.user('root') };
    bench.sandbox.edit({ action: 'addMember', ...place, set: { accessLevel: 5 } });
    expect((await add(acme(), { user_id: place.userId, access_level: 30 })).status).toBe(201);
    const project = String(bench.project('acme/api'));
    await bench.api('PUT', `/projects/${project}`, { body: { visibility: 'internal' } });
    await bench.api('POST', `/projects/${project}/access_requests`, { token: bench.tokenOf('asker') });
    expect((await add(api(), { user_id: bench.user('asker'), access_level: 20 })).status).toBe(201);
    const requests = await bench.api('GET', `/projects/${project}/access_requests`);
    expect(requests.body).toEqual([]);
  });

  it('holds the locks: membership lock 405, LDAP-synced group 403 even for administrators, SAML links for others', async () => {
    await person('pat');
    const body = { user_id: bench.user('pat'), access_level: 30 };
    const id = bench.group('acme');
    bench.sandbox.edit({ action: 'setGroup', id, set: { membershipLock: true } });
    expect(said(await add(api(), body))).toEqual([405, { message: '405 Method Not Allowed' }]);
    const ldapLinks = [{ cn: 'ops', groupAccess: 30, provider: 'ldapmain' }];
    bench.sandbox.edit({ action: 'setGroup', id, set: { membershipLock: false, ldapLinks } });
    expect(said(await add(acme(), body))).toEqual(FORBIDDEN);
    const samlLinks = [{ name: 'ops', accessLevel: 30 }];
    bench.sandbox.edit({ action: 'setGroup', id, set: { ldapLinks: [], samlLinks } });
    bench.sandbox.settings({ samlMembershipLock: true });
    expect(said(await add(acme(), body, bench.sandbox.tokens.owner))).toEqual(FORBIDDEN);
    expect((await add(acme(), body)).status).toBe(201);
  });

  it('refuses an archived group to administrators too', async () => {
    await person('pat');
    bench.sandbox.edit({ action: 'setGroup', id: bench.group('acme'), set: { archived: true } });
    expect(said(await add(ops(), { user_id: bench.user('pat'), access_level: 30 }))).toEqual(FORBIDDEN);
  });

  it('demands a SAML link and an allowed e-mail domain where the root group does', async () => {
    await person('pat');
    const id = bench.group('acme');
    const saml = { enabled: true, enforced: true };
    bench.sandbox.edit({ action: 'setGroup', id, set: { saml, allowedEmailDomains: ['corp.example'] } });
    const refused = await add(ops(), { user_id: bench.user('pat'), access_level: 30 });
    expect(said(refused)).toEqual([
      400,
      {
        message: {
          user: [
            expect.stringContaining('is not linked to a SAML account'),
            'is not allowed for this group. Check with your administrator.',
          ],
        },
      },
    ]);
  });

  it('counts seats: no seat is 400, a user cap makes the row await', async () => {
    await person('pat');
    await person('pia');
    const id = bench.group('acme');
    bench.sandbox.edit({ action: 'setGroup', id, set: { seatControl: 'block_overages', seats: 2 } });
    expect(said(await add(acme(), { user_id: bench.user('pat'), access_level: 30 }))).toEqual([
      400,
      {
        message: 'There are not enough available seats to invite this many users.',
        status: 'error',
        reason: 'seat_limit_exceeded_error',
      },
    ]);
    bench.sandbox.edit({ action: 'setGroup', id, set: { seatControl: 'user_cap' } });
    const awaiting = await add(acme(), { user_id: bench.user('pia'), access_level: 30 });
    expect([awaiting.status, awaiting.body]).toEqual([201, expect.objectContaining({ membership_state: 'awaiting' })]);
    const inside = await bench.api('GET', `/${acme()}/members`, { token: bench.tokenOf('pia') });
    expect(inside.body).toEqual({ message: '404 Group Not Found' });
  });

  it('queues a promotion for approval with 202 and grants nothing', async () => {
    await person('pat');
    bench.sandbox.settings({ promotionApproval: true });
    const answer = await add(acme(), { user_id: bench.user('pat'), access_level: 30 }, bench.sandbox.tokens.owner);
    expect(said(answer)).toEqual([202, { message: { pat: 'Request queued for administrator approval.' } }]);
    const row = await bench.api('GET', `/${acme()}/members/${String(bench.user('pat'))}`);
    expect(row.status).toBe(404);
  });

  it('gives a custom role only with its own base level', async () => {
    await person('pat');
    const made = bench.sandbox.edit({ action: 'addMemberRole', name: 'Ops', groupId: null, baseAccessLevel: 20 });
    const body = { user_id: bench.user('pat'), access_level: 30, member_role_id: made['id'] };
    expect(said(await add(acme(), body))).toEqual([
      400,
      {
        message: {
          member_role_id: ["the custom role's base access level does not match the current access level"],
        },
      },
    ]);
    expect((await add(acme(), { ...body, access_level: 20 })).body).toMatchObject({ member_role: { name: 'Ops' } });
  });
});

describe('adding several members', () => {
  it('always answers 201, changes who is there and clears their date', async () => {
    await person('pat');
    const dana = bench.user('dana');
    await bench.api('PUT', `/${acme()}/members/${String(dana)}`, {
      body: { access_level: 30, expires_at: '2026-05-01' },
    });
    const answer = await add(acme(), { user_id: `${String(dana)},${String(bench.user('pat'))}`, access_level: 40 });
    expect(said(answer)).toEqual([201, { status: 'success' }]);
    const row = await bench.api('GET', `/${acme()}/members/${String(dana)}`);
    expect(row.body).toMatchObject({ access_level: 40, expires_at: null });
  });

  it('saves the others when one fails, and drops unknown ids without a word', async () => {
    await person('pat');
    const users = `${String(bench.user('dana'))},${String(bench.user('pat'))},999`;
    const answer = await add(ops(), { user_id: users, access_level: 10 });
    expect(said(answer)).toEqual([
      201,
      {
        status: 'error',
        message: 'dana: Access level should be greater than or equal to Developer inherited membership from group Acme',
      },
    ]);
    expect((await bench.api('GET', `/${ops()}/members/${String(bench.user('pat'))}`)).status).toBe(200);
    expect(said(await add(ops(), { user_id: '998,999', access_level: 10 }))).toEqual([201, { status: 'success' }]);
  });
});
