import { beforeAll, expect, it } from '@jest/globals';
import { refusal, said } from './helpers/answers.ts';
import { at, idsOf, record, rows, textAt } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOBODY = 999_999_999;
const BASIC_KEYS = ['id', 'username', 'name', 'state', 'locked', 'avatar_url', 'web_url', 'public_email'];

const world = openWorld();
let alice: Person;
let bob: Person;
let blocked: Person;

beforeAll(async () => {
  alice = await world.person('alice');
  bob = await world.person('bob');
  blocked = await world.person('blocked');
  await must(201, world.admin.post(`/users/${String(blocked.id)}/block`));
});

contract('users: finding', () => {
  it('a username finds its one user, whatever the letter case', async () => {
    for (const username of [bob.username, bob.username.toUpperCase()]) {
      const answer = await alice.call.get('/users', { username });
      expect(answer.status).toBe(200);
      expect(idsOf(answer.json)).toEqual([bob.id]);
    }
  });

  it('an unknown username is an empty list', async () => {
    expect(said(await alice.call.get('/users', { username: world.unique('nobody') }))).toEqual({
      status: 200,
      json: [],
    });
  });

  it('the anonymous may ask for one username, and for nothing else', async () => {
    expect(idsOf((await world.anonymous.get('/users', { username: bob.username })).json)).toEqual([bob.id]);
    expect((await world.anonymous.get('/users')).status).toBe(403);
  });

  it('a list shows who is no administrator the basic fields and never an e-mail', async () => {
    const [row] = rows((await alice.call.get('/users', { username: bob.username })).json);
    expect(Object.keys(record(row))).toEqual(expect.arrayContaining(BASIC_KEYS));
    expect(row).not.toHaveProperty('email');
    expect(row).not.toHaveProperty('is_admin');
  });

  it('a list shows an administrator e-mail, flags and identities', async () => {
    const [row] = rows((await world.admin.get('/users', { username: bob.username })).json);
    expect(row).toMatchObject({ email: bob.email, is_admin: false, external: false, bot: false, identities: [] });
  });

  it('search finds by a part of the name or username', async () => {
    const found = await alice.call.get('/users', { search: bob.username, per_page: 100 });
    expect(idsOf(found.json)).toEqual([bob.id]);
    const all = await alice.call.get('/users', { search: world.suffix, per_page: 100 });
    expect(idsOf(all.json)).toEqual(expect.arrayContaining([alice.id, bob.id]));
  });

  it('search finds by a private e-mail for administrators only', async () => {
    expect(idsOf((await world.admin.get('/users', { search: bob.email })).json)).toEqual([bob.id]);
    expect(idsOf((await alice.call.get('/users', { search: bob.email })).json)).toEqual([]);
  });

  it('order_by and sort hold for everybody', async () => {
    const ids = async (sort: string) =>
      idsOf((await alice.call.get('/users', { search: world.suffix, order_by: 'id', sort, per_page: 100 })).json);
    const ascending = await ids('asc');
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    expect(await ids('desc')).toEqual([...ascending].reverse());
  });

  it('blocked=true lists the blocked to administrators, and nobody to others', async () => {
    const query = { blocked: true, search: world.suffix };
    expect(idsOf((await world.admin.get('/users', query)).json)).toEqual([blocked.id]);
    expect(said(await alice.call.get('/users', query))).toEqual({ status: 200, json: [] });
  });

  it('who is no administrator does not find the blocked by search', async () => {
    const found = idsOf((await alice.call.get('/users', { search: world.suffix, per_page: 100 })).json);
    expect(found).not.toContain(blocked.id);
    expect(found).toContain(bob.id);
  });

  it('active=true leaves the blocked out for administrators too', async () => {
    const found = idsOf((await world.admin.get('/users', { active: true, search: world.suffix, per_page: 100 })).json);
    expect(found).toContain(bob.id);
    expect(found).not.toContain(blocked.id);
  });

  it('a boolean filter sent as false filters nothing', async () => {
    const found = idsOf(
      (await world.admin.get('/users', { blocked: false, search: world.suffix, per_page: 100 })).json,
    );
    expect(found).toEqual(expect.arrayContaining([alice.id, bob.id, blocked.id]));
  });

  it('created_after counts for administrators and is ignored for others', async () => {
    const query = { search: bob.username, created_after: `${world.day(3)}T00:00:00Z` };
    expect(idsOf((await world.admin.get('/users', query)).json)).toEqual([]);
    expect(idsOf((await alice.call.get('/users', query)).json)).toEqual([bob.id]);
  });

  it('external=true lists the external only', async () => {
    const outside = await world.person('outside');
    await must(200, world.admin.put(`/users/${String(outside.id)}`, { external: true }));
    expect(idsOf((await world.admin.get('/users', { external: true, search: world.suffix })).json)).toEqual([
      outside.id,
    ]);
  });

  it('an unknown order is a parameter fault', async () => {
    const answer = await alice.call.get('/users', { order_by: 'luck' });
    expect(said(answer)).toEqual({ status: 400, json: { error: 'order_by does not have a valid value' } });
  });
});

contract('users: one', () => {
  it('GET /users/:id shows the profile, with bot, and no e-mail to others', async () => {
    const answer = await alice.call.get(`/users/${String(bob.id)}`);
    expect(said(answer)).toMatchObject({
      status: 200,
      json: { id: bob.id, username: bob.username, name: bob.name, state: 'active', bot: false },
    });
    expect(record(answer.json)).not.toHaveProperty('email');
  });

  it('it shows an administrator e-mail, rights and sign-ins', async () => {
    const answer = await world.admin.get(`/users/${String(bob.id)}`);
    expect(said(answer)).toMatchObject({ status: 200, json: { email: bob.email, is_admin: false, sign_in_count: 0 } });
    expect(Object.keys(record(answer.json))).toEqual(
      expect.arrayContaining(['highest_role', 'current_sign_in_ip', 'last_sign_in_ip']),
    );
  });

  it('a blocked user shows the state', async () => {
    expect(said(await world.admin.get(`/users/${String(blocked.id)}`))).toMatchObject({
      status: 200,
      json: { state: 'blocked' },
    });
  });

  it('an unknown id is 404 User Not Found, a username no id', async () => {
    expect(said(await alice.call.get(`/users/${String(NOBODY)}`))).toEqual(refusal(404, '404 User Not Found'));
    expect([400, 404]).toContain((await alice.call.get(`/users/${bob.username}`)).status);
  });

  it('the anonymous get 403', async () => {
    expect(said(await world.anonymous.get(`/users/${String(bob.id)}`))).toEqual(
      refusal(403, '403 Forbidden - Not authorized!'),
    );
  });
});

contract('users: making, changing, deleting', () => {
  it('only an administrator makes users', async () => {
    const username = world.unique('made');
    const body = { email: `${username}@example.com`, username, name: 'Made', force_random_password: true };
    expect(said(await alice.call.post('/users', body))).toEqual(refusal(403, '403 Forbidden'));
  });

  it('a taken e-mail or username is 409', async () => {
    const fresh = world.unique('fresh');
    const base = { name: 'Fresh', force_random_password: true, skip_confirmation: true };
    const email = await world.admin.post('/users', { ...base, email: bob.email, username: fresh });
    expect(said(email)).toEqual(refusal(409, 'Email has already been taken'));
    const username = await world.admin.post('/users', {
      ...base,
      email: `${fresh}@example.com`,
      username: bob.username,
    });
    expect(said(username)).toEqual(refusal(409, 'Username has already been taken'));
  });

  it('what is missing is named', async () => {
    const answer = await world.admin.post('/users', { username: world.unique('x'), force_random_password: true });
    expect(answer.status).toBe(400);
    expect(textAt(answer.json, 'error').split(', ')).toEqual(
      expect.arrayContaining(['email is missing', 'name is missing']),
    );
  });

  it('an administrator changes external and admin', async () => {
    const carol = await world.person('carol');
    const path = `/users/${String(carol.id)}`;
    expect(said(await world.admin.put(path, { external: true }))).toMatchObject({
      status: 200,
      json: { external: true },
    });
    expect(said(await world.admin.put(path, { external: false, admin: true }))).toMatchObject({
      status: 200,
      json: { is_admin: true },
    });
    expect(said(await alice.call.put(path, { name: 'no' }))).toEqual(refusal(403, '403 Forbidden'));
  });

  it('deleting answers 204 and the user is gone soon after', async () => {
    const carol = await world.person('carol');
    const path = `/users/${String(carol.id)}`;
    expect(said(await alice.call.delete(path))).toEqual(refusal(403, '403 Forbidden'));
    expect((await world.admin.delete(path)).status).toBe(204);
    const seen = await eventually(
      () => world.admin.get(path),
      (answer) => answer.status === 404,
    );
    expect(said(seen)).toEqual(refusal(404, '404 User Not Found'));
  });

  it('If-Unmodified-Since before the last change is 412 and deletes nobody', async () => {
    const carol = await world.person('carol');
    const headers = { 'if-unmodified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' };
    const answer = await world.admin.send('DELETE', `/users/${String(carol.id)}`, { headers });
    expect(said(answer)).toEqual(refusal(412, '412 Precondition Failed'));
    expect((await world.admin.get(`/users/${String(carol.id)}`)).status).toBe(200);
  });

  it('the only Owner of a group is not deleted', async () => {
    const carol = await world.person('carol');
    await world.ownedGroup('owned', carol);
    const answer = await world.admin.delete(`/users/${String(carol.id)}`);
    expect(said(answer)).toEqual(refusal(409, 'User cannot be removed while is the sole-owner of a group'));
  });
});

contract('users: memberships of one', () => {
  let group: Source;
  let project: Source;
  beforeAll(async () => {
    group = await world.group('seat', { parent: world.root });
    project = await world.project('seat', group);
    await world.member(group, bob, DEVELOPER, world.day(10));
    await world.member(project, bob, MAINTAINER);
  });

  it('an administrator reads the direct ones, with neither expiry nor path', async () => {
    const answer = await world.admin.get(`/users/${String(bob.id)}/memberships`);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(
      expect.arrayContaining([
        { source_id: group.id, source_name: group.name, source_type: 'Namespace', access_level: DEVELOPER },
        { source_id: project.id, source_name: project.name, source_type: 'Project', access_level: MAINTAINER },
      ]),
    );
    expect(rows(answer.json)).toHaveLength(2);
  });

  it('type chooses between projects and groups', async () => {
    const types = async (type: string) =>
      rows((await world.admin.get(`/users/${String(bob.id)}/memberships`, { type })).json).map(
        (row) => row['source_type'],
      );
    expect(await types('Project')).toEqual(['Project']);
    expect(await types('Namespace')).toEqual(['Namespace']);
  });

  it('nobody else reads them, not even the own', async () => {
    expect(said(await bob.call.get(`/users/${String(bob.id)}/memberships`))).toEqual(refusal(403, '403 Forbidden'));
  });

  it('associations_count counts them for the user and for administrators', async () => {
    const path = `/users/${String(bob.id)}/associations_count`;
    for (const caller of [bob.call, world.admin]) {
      const answer = await caller.get(path);
      expect(answer.status).toBe(200);
      expect(Object.keys(record(answer.json)).sort()).toEqual([
        'groups_count',
        'issues_count',
        'merge_requests_count',
        'projects_count',
      ]);
      expect(at(answer.json, 'groups_count')).toBe(1);
    }
  });

  it('blocking leaves memberships as they are', async () => {
    const carol = await world.person('carol');
    await world.member(group, carol, OWNER);
    await must(201, world.admin.post(`/users/${String(carol.id)}/block`));
    expect(said(await world.admin.get(`${group.path}/members/${String(carol.id)}`))).toMatchObject({
      status: 200,
      json: { access_level: OWNER, state: 'blocked' },
    });
  });
});
