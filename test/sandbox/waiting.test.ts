import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openBench, type Bench } from './ask.ts';
import { openReceiver } from './receiver.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  await bench.api('POST', '/users', {
    body: { username: 'eve', name: 'Eve', email: 'eve@example.com', force_random_password: true },
  });
});
afterEach(() => bench.sandbox.close());

const acme = (rest = '') => `/groups/${String(bench.group('acme'))}${rest}`;
const eve = () => bench.user('eve');
const seat = async () => (await bench.api('GET', acme(`/members/${String(eve())}`))).body;
const add = (path = acme('/members'), token = bench.sandbox.tokens.admin) =>
  bench.api('POST', path, { token, body: { user_id: eve(), access_level: 30, expires_at: '2026-03-09' } });

describe('members who wait for a seat', () => {
  beforeEach(() => {
    bench.sandbox.edit({ action: 'setGroup', id: bench.group('acme'), set: { seatControl: 'user_cap', seats: 2 } });
  });

  it('are pending in the whole tree, one entry for each person, and let in by the number of a row', async () => {
    expect((await add()).body).toMatchObject({ membership_state: 'awaiting' });
    await add(`/groups/${String(bench.group('acme/ops'))}/members`);
    const pending = (await bench.api('GET', acme('/pending_members'))).body as { id: number }[];
    expect(pending).toEqual([expect.objectContaining({ username: 'eve', invited: false, approved: false })]);
    const token = bench.tokenOf('eve');
    expect((await bench.api('GET', acme(), { token })).status).toBe(404);
    const row = String(pending[0]?.id);
    expect((await bench.api('PUT', acme(`/members/${row}/approve`))).status).toBe(204);
    expect(await seat()).toMatchObject({ membership_state: 'active', access_level: 30, expires_at: '2026-03-09' });
    expect((await bench.api('GET', acme(), { token })).status).toBe(200);
    expect((await bench.api('GET', acme('/pending_members'))).body).toEqual([]);
  });

  it('are approved together, and where nobody waits that is 400', async () => {
    await add();
    expect((await bench.api('POST', acme('/members/approve_all'))).status).toBe(204);
    expect(await seat()).toMatchObject({ membership_state: 'active' });
    expect((await bench.api('POST', acme('/members/approve_all'))).body).toEqual({
      message: '400 Bad request - No memberships found',
    });
  });

  it('fire a hook when they are added and none when they are let in', async () => {
    const receiver = await openReceiver();
    await bench.api('POST', '/hooks', { body: { url: receiver.url } });
    await add();
    await bench.api('POST', acme('/members/approve_all'));
    const told = await bench.sandbox.hooksDelivered();
    await receiver.close();
    expect(told.map((item) => item.event)).toEqual(['user_add_to_group']);
  });
});

describe('suspending somebody in a tree', () => {
  const state = (name: string, value: string, token = bench.sandbox.tokens.admin) =>
    bench.api('PUT', acme(`/members/${String(bench.user(name))}/state`), { token, body: { state: value } });

  it('takes the access, keeps the role, and gives it back', async () => {
    const token = bench.sandbox.tokens.user;
    expect((await state('dana', 'awaiting')).body).toEqual({ success: true });
    expect((await bench.api('GET', acme(), { token })).status).toBe(404);
    expect((await state('dana', 'awaiting')).body).toEqual({ message: 'No memberships found' });
    expect((await state('dana', 'active')).status).toBe(200);
    expect((await bench.api('GET', acme(), { token })).status).toBe(200);
  });

  it('spares the last Owner and oneself', async () => {
    expect((await state('olivia', 'awaiting')).body).toEqual({
      message: 'The last owner cannot be set to awaiting',
    });
    expect((await state('olivia', 'awaiting', bench.tokenOf('olivia'))).body).toEqual({
      message: 'You cannot set yourself to awaiting',
    });
    expect((await state('dana', 'asleep')).body).toEqual({ error: 'state does not have a valid value' });
  });
});

describe('promotions that an administrator decides', () => {
  const owner = () => bench.sandbox.tokens.owner;
  beforeEach(() => {
    bench.sandbox.settings({ promotionApproval: true });
  });

  it('are queued with 202, and there once approved, in the name of who approved', async () => {
    expect((await add(acme('/members'), owner())).status).toBe(202);
    expect(await seat()).toEqual({ message: '404 Not found' });
    const { rows } = bench.sandbox.edit({ action: 'decidePromotions', userId: eve(), approve: true });
    expect(rows).toHaveLength(1);
    expect(await seat()).toMatchObject({
      access_level: 30,
      expires_at: '2026-03-09',
      created_by: { username: 'root' },
    });
  });

  it('raise a row that is there, the latest wish alone, and clear a date that was not sent', async () => {
    const row = { sourceKind: 'Group', sourceId: bench.group('acme'), userId: eve() } as const;
    bench.sandbox.edit({ action: 'addMember', ...row, set: { accessLevel: 10, expiresAt: '2026-06-30' } });
    for (const level of [30, 20]) {
      const body = { access_level: level };
      const path = acme(`/members/${String(eve())}`);
      expect((await bench.api('PUT', path, { token: owner(), body })).status).toBe(202);
    }
    bench.sandbox.edit({ action: 'decidePromotions', userId: eve(), approve: true });
    expect(await seat()).toMatchObject({ access_level: 20, expires_at: null });
  });

  it('come to nothing when they are denied', async () => {
    await add(acme('/members'), owner());
    expect(bench.sandbox.edit({ action: 'decidePromotions', userId: eve(), approve: false })).toEqual({ rows: [] });
    expect(await seat()).toEqual({ message: '404 Not found' });
    expect(bench.sandbox.edit({ action: 'decidePromotions', userId: eve(), approve: true })).toEqual({ rows: [] });
  });
});

describe('double rows', () => {
  it('stand side by side, and a DELETE takes one of them', async () => {
    const row = { sourceKind: 'Group', sourceId: bench.group('acme'), userId: bench.user('dana') } as const;
    bench.sandbox.edit({ action: 'doubleMember', ...row, set: { accessLevel: 40 } });
    const path = acme(`/members/${String(bench.user('dana'))}`);
    const listed = (await bench.api('GET', acme('/members'))).body as { username: string; access_level: number }[];
    const levels = listed.filter((item) => item.username === 'dana').map((item) => item.access_level);
    expect(levels).toEqual([30, 40]);
    expect((await bench.api('DELETE', path)).status).toBe(204);
    expect((await bench.api('GET', path)).body).toMatchObject({ access_level: 40 });
    expect((await bench.api('DELETE', path)).status).toBe(204);
    expect((await bench.api('GET', path)).status).toBe(404);
  });
});
