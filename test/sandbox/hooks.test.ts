import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ask, openBench, type Bench } from './ask.ts';
import { openReceiver, type Receiver } from './receiver.ts';

const SECRET = 'hook-secret-of-the-test';
let bench: Bench;
let receiver: Receiver;
beforeEach(async () => {
  bench = await openBench();
  receiver = await openReceiver();
});
afterEach(async () => {
  await bench.sandbox.close();
  await receiver.close();
});

const systemHook = () => bench.api('POST', '/hooks', { body: { url: receiver.url, token: SECRET } });
const groupHook = (path: string, events = { member_events: true }) =>
  bench.api('POST', `/groups/${String(bench.group(path))}/hooks`, { body: { url: receiver.url, ...events } });
const members = (path = 'acme/ops') => `/groups/${String(bench.group(path))}/members`;
const one = (name: string, path = 'acme/ops') => `${members(path)}/${String(bench.user(name))}`;
const add = (body: Record<string, unknown> = {}, path = members()) =>
  bench.api('POST', path, { body: { user_id: bench.user('dana'), access_level: 40, ...body } });
const names = () => receiver.received.map(({ body }) => body['event_name']);

describe('system hooks', () => {
  it('tell of a member who is added, changed and removed, in this order', async () => {
    await systemHook();
    await add({ expires_at: '2026-03-09' });
    await bench.api('PUT', one('dana'), { body: { access_level: 50 } });
    await bench.api('DELETE', one('dana'));
    await bench.sandbox.hooksDelivered();
    expect(names()).toEqual(['user_add_to_group', 'user_update_for_group', 'user_remove_from_group']);
    expect(receiver.received[0]?.body).toEqual({
      created_at: expect.stringMatching(/^2026-03-02T12:00:\d\dZ$/),
      updated_at: expect.stringMatching(/^2026-03-02T12:00:\d\dZ$/),
      group_name: 'Ops',
      group_path: 'ops',
      group_id: bench.group('acme/ops'),
      user_username: 'dana',
      user_name: 'Dana Developer',
      user_email: 'dana@example.org',
      user_id: bench.user('dana'),
      group_access: 'Maintainer',
      expires_at: '2026-03-09T00:00:00Z',
      group_plan: null,
      event_name: 'user_add_to_group',
    });
  });

  it('carry the secret in clear, the instance, and ids of event and delivery', async () => {
    await systemHook();
    await add();
    await bench.sandbox.hooksDelivered();
    expect(receiver.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'GitLab/18.9.0-ee',
      'x-gitlab-event': 'System Hook',
      'x-gitlab-instance': bench.sandbox.url,
      'x-gitlab-token': SECRET,
      'x-gitlab-webhook-uuid': expect.any(String),
      'x-gitlab-event-uuid': expect.any(String),
      'idempotency-key': expect.any(String),
    });
  });

  it('tell of project members without a date', async () => {
    await systemHook();
    await add({ expires_at: '2026-03-09' }, `/projects/${String(bench.project('acme/api'))}/members`);
    await bench.sandbox.hooksDelivered();
    expect(receiver.received[0]?.body).toMatchObject({
      event_name: 'user_add_to_team',
      access_level: 'Maintainer',
      project_path_with_namespace: 'acme/api',
    });
    expect(receiver.received[0]?.body).not.toHaveProperty('expires_at');
  });

  it('write times in the zone of the instance', async () => {
    bench.sandbox.settings({ timeZone: 'Europe/Berlin' });
    await systemHook();
    await add({ expires_at: '2026-07-01' });
    await bench.sandbox.hooksDelivered();
    expect(receiver.received[0]?.body).toMatchObject({
      created_at: expect.stringMatching(/^2026-03-02T13:00:\d\d\+01:00$/),
      expires_at: '2026-07-01T00:00:00+02:00',
    });
  });

  it('tell of the nightly purge, of hands and of requests, and not of a block or an unchanged row', async () => {
    await systemHook();
    await add({ expires_at: '2026-03-03' });
    await bench.api('PUT', one('dana'), { body: { access_level: 40 } });
    await bench.api('POST', `/users/${String(bench.user('dana'))}/block`);
    bench.sandbox.advance(86_400_000);
    const row = { sourceKind: 'Group', sourceId: bench.group('acme'), userId: bench.user('dana') } as const;
    bench.sandbox.edit({ action: 'setMember', ...row, set: { accessLevel: 40 } });
    await bench.api('POST', `/users/${String(bench.user('dana'))}/unblock`);
    bench.sandbox.edit({ action: 'removeMember', ...row });
    bench.sandbox.edit({ action: 'setGroup', id: bench.group('acme'), set: { visibility: 'internal' } });
    await bench.api('POST', `/groups/${String(bench.group('acme'))}/access_requests`, {
      token: bench.sandbox.tokens.user,
    });
    await bench.sandbox.hooksDelivered();
    expect(names()).toEqual([
      'user_add_to_group',
      'user_remove_from_group',
      'user_update_for_group',
      'user_remove_from_group',
      'user_access_request_to_group',
    ]);
  });

  it('tell of groups, projects and people that come, are renamed and go', async () => {
    await systemHook();
    bench.sandbox.edit({ action: 'renameGroup', id: bench.group('acme/ops'), path: 'run' });
    bench.sandbox.edit({ action: 'renameProject', id: bench.project('acme/api'), path: 'app' });
    bench.sandbox.edit({ action: 'renameUser', id: bench.user('dana'), username: 'dana2' });
    bench.sandbox.edit({ action: 'remove', what: 'project', id: bench.project('acme/app') });
    await bench.sandbox.hooksDelivered();
    expect(receiver.received.map(({ body }) => body)).toEqual([
      expect.objectContaining({ event_name: 'group_rename', old_full_path: 'acme/ops', full_path: 'acme/run' }),
      expect.objectContaining({ event_name: 'project_rename', old_path_with_namespace: 'acme/api' }),
      expect.objectContaining({ event_name: 'user_rename', old_username: 'dana', username: 'dana2' }),
      expect.objectContaining({ event_name: 'project_destroy', path_with_namespace: 'acme/app' }),
    ]);
  });
});

describe('group hooks', () => {
  it('hear of members of their group and its subgroups, and of no project', async () => {
    await groupHook('acme');
    await add();
    await add({}, `/projects/${String(bench.project('acme/api'))}/members`);
    await bench.sandbox.hooksDelivered();
    expect(names()).toEqual(['user_add_to_group']);
    expect(receiver.received[0]?.headers['x-gitlab-event']).toBe('Member Hook');
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-gitlab-token');
  });

  it('hear nothing of groups above, and nothing that they did not ask for', async () => {
    await groupHook('acme/ops');
    await groupHook('acme', { member_events: false });
    await bench.api('PUT', one('dana', 'acme'), { body: { access_level: 40 } });
    await bench.sandbox.hooksDelivered();
    expect(names()).toEqual([]);
  });

  it('share the id of an event, each with a delivery of its own', async () => {
    await groupHook('acme');
    await groupHook('acme/ops');
    await add();
    const [first, second] = await bench.sandbox.hooksDelivered();
    expect(first?.eventUuid).toBe(second?.eventUuid);
    expect(first?.idempotencyKey).not.toBe(second?.idempotencyKey);
  });
});

describe('delivery', () => {
  it('is never tried again: a receiver that fails has missed it', async () => {
    await systemHook();
    receiver.answer(500);
    await add();
    expect(await bench.sandbox.hooksDelivered()).toEqual([expect.objectContaining({ outcome: 'failed', status: 500 })]);
    receiver.answer(204);
    await bench.api('DELETE', one('dana'));
    await bench.sandbox.hooksDelivered();
    expect(names()).toEqual(['user_add_to_group', 'user_remove_from_group']);
  });

  it('goes on when nobody listens', async () => {
    await receiver.close();
    await systemHook();
    expect((await add()).status).toBe(201);
    expect(await bench.sandbox.hooksDelivered()).toEqual([
      expect.objectContaining({ outcome: 'failed', status: null }),
    ]);
  });

  it('can be lost', async () => {
    await systemHook();
    bench.sandbox.hookFault({ kind: 'lost', event: 'user_add_to_group' });
    await add();
    await bench.api('DELETE', one('dana'));
    await bench.sandbox.hooksDelivered();
    expect(names()).toEqual(['user_remove_from_group']);
  });

  it('can come twice, with one key', async () => {
    await systemHook();
    bench.sandbox.hookFault({ kind: 'duplicated' });
    await add();
    await bench.sandbox.hooksDelivered();
    const keys = receiver.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([keys[0], keys[0]]);
  });

  it('can come out of order, by the control API too', async () => {
    await systemHook();
    await ask(bench.sandbox.url, 'POST', '/sandbox/hooks', { body: { kind: 'reordered' } });
    await add();
    await bench.api('DELETE', one('dana'));
    await bench.sandbox.hooksDelivered();
    expect(names()).toEqual(['user_remove_from_group', 'user_add_to_group']);
    const told = (await ask(bench.sandbox.url, 'GET', '/sandbox/hooks')).body as { deliveries: unknown[] };
    expect(told.deliveries).toHaveLength(2);
    expect(JSON.stringify(told)).not.toContain(SECRET);
  });

  it('ends with a reset, hooks and all', async () => {
    await systemHook();
    bench.sandbox.reset();
    await add();
    expect(await bench.sandbox.hooksDelivered()).toEqual([]);
    expect((await bench.api('GET', '/hooks')).body).toEqual([]);
  });
});
