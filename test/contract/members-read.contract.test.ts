import { beforeAll, expect, it } from '@jest/globals';
import { refusal, said } from './helpers/answers.ts';
import { at, idsOf, numberAt, record, rows } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER, REPORTER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const world = openWorld();
let owner: Person;
let dev: Person;
let both: Person;
let blocked: Person;
let stranger: Person;
let top: Source;
let group: Source;
let project: Source;

/** top (owner: Owner, both: Developer) > group (dev: Developer, both: Maintainer, blocked: Guest) > project (dev: Maintainer). */
beforeAll(async () => {
  [owner, dev, both, blocked, stranger] = [
    await world.person('owner'),
    await world.person('dev'),
    await world.person('both'),
    await world.person('blocked'),
    await world.person('stranger'),
  ];
  top = await world.group('top', { parent: world.root });
  group = await world.group('group', { parent: top });
  project = await world.project('project', group);
  await world.member(top, owner, OWNER);
  await world.member(top, both, DEVELOPER);
  await world.member(group, dev, DEVELOPER, world.day(9));
  await world.member(group, both, MAINTAINER);
  await world.member(group, blocked, GUEST);
  await world.member(project, dev, MAINTAINER);
  await must(201, world.admin.post(`/users/${String(blocked.id)}/block`));
  await world.canRead(project, dev);
});

const mine = () => new Set([owner.id, dev.id, both.id, blocked.id, stranger.id]);
const list = async (path: string, query: Record<string, string | number | number[]> = {}) => {
  const answer = await must(200, dev.call.get(path, { per_page: 100, ...query }));
  return idsOf(answer.json).filter((id) => mine().has(id));
};

contract('members: reading the direct', () => {
  it('a list holds the direct rows only, oldest row first, the blocked included', async () => {
    expect(await list(`${group.path}/members`)).toEqual([dev.id, both.id, blocked.id]);
    expect(await list(`${project.path}/members`)).toEqual([dev.id]);
  });

  it('a row is the user with level, dates and who gave it', async () => {
    const answer = await dev.call.get(`${group.path}/members/${String(dev.id)}`);
    const admin = record((await world.admin.get('/user')).json);
    expect(said(answer)).toMatchObject({
      status: 200,
      json: {
        id: dev.id,
        username: dev.username,
        name: dev.name,
        state: 'active',
        locked: false,
        access_level: DEVELOPER,
        expires_at: world.day(9),
        created_by: { id: admin['id'], username: admin['username'] },
      },
    });
    expect(record(answer.json)['created_at']).toEqual(expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}/));
    expect(record(answer.json)).not.toHaveProperty('updated_at');
    expect(record(answer.json)).not.toHaveProperty('is_using_seat');
  });

  it('membership_state is shown exactly on an Enterprise build', async () => {
    const row = record((await dev.call.get(`${group.path}/members/${String(dev.id)}`)).json);
    expect(row['membership_state']).toBe(world.enterprise ? 'active' : undefined);
  });

  it('a list row has the same fields as the single one', async () => {
    const single = record((await dev.call.get(`${group.path}/members/${String(dev.id)}`)).json);
    const listed = rows((await dev.call.get(`${group.path}/members`, { user_ids: [dev.id] })).json);
    expect(listed).toEqual([single]);
  });

  it('an inherited member is 404 among the direct', async () => {
    expect(said(await dev.call.get(`${group.path}/members/${String(owner.id)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
  });

  it('user_ids filters as an array and as a comma list', async () => {
    expect(await list(`${group.path}/members`, { user_ids: [both.id, blocked.id] })).toEqual([both.id, blocked.id]);
    expect(await list(`${group.path}/members`, { user_ids: `${String(both.id)},${String(blocked.id)}` })).toEqual([
      both.id,
      blocked.id,
    ]);
  });

  it('user_ids of somebody who is no member is an empty list', async () => {
    const answer = await dev.call.get(`${group.path}/members`, { user_ids: [stranger.id] });
    expect(said(answer)).toEqual({ status: 200, json: [] });
  });

  it('an empty user_ids filters nothing', async () => {
    expect(await list(`${group.path}/members`, { user_ids: '' })).toEqual([dev.id, both.id, blocked.id]);
  });

  it('skip_users leaves out', async () => {
    expect(await list(`${group.path}/members`, { skip_users: [dev.id] })).toEqual([both.id, blocked.id]);
  });

  it('query finds by name or username', async () => {
    const answer = await dev.call.get(`${group.path}/members`, { query: both.username });
    expect(idsOf(answer.json)).toEqual([both.id]);
  });
});

contract('members: reading the effective', () => {
  it('members/all of a group adds the inherited, one row for each user', async () => {
    const ids = await list(`${group.path}/members/all`);
    expect([...ids].sort((a, b) => a - b)).toEqual([owner.id, dev.id, both.id, blocked.id].sort((a, b) => a - b));
  });

  it('the highest row of a user is shown', async () => {
    const answer = await dev.call.get(`${group.path}/members/all/${String(both.id)}`);
    expect(said(answer)).toMatchObject({ status: 200, json: { id: both.id, access_level: MAINTAINER } });
  });

  it('an inherited member shows the level of above', async () => {
    const answer = await dev.call.get(`${group.path}/members/all/${String(owner.id)}`);
    expect(said(answer)).toMatchObject({ status: 200, json: { id: owner.id, access_level: OWNER } });
  });

  it('who is nowhere a member is 404', async () => {
    expect(said(await dev.call.get(`${group.path}/members/all/${String(stranger.id)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
  });

  it('of a project it adds the members of its groups, with the level in force', async () => {
    const ids = await list(`${project.path}/members/all`);
    expect(ids).toEqual(expect.arrayContaining([owner.id, dev.id, both.id]));
    expect(new Set(ids).size).toBe(ids.length);
    const level = async (person: Person) =>
      at((await dev.call.get(`${project.path}/members/all/${String(person.id)}`)).json, 'access_level');
    expect(
      await eventually(
        () => level(dev),
        (seen) => seen === MAINTAINER,
      ),
    ).toBe(MAINTAINER);
    expect(await level(owner)).toBe(OWNER);
  });

  it('a first grant on a project shows its level at once', async () => {
    const eve = await world.person('eve');
    await world.member(project, eve, REPORTER);
    const answer = await world.admin.get(`${project.path}/members/all/${String(eve.id)}`);
    expect(said(answer)).toMatchObject({ status: 200, json: { access_level: REPORTER } });
    await must(204, world.admin.delete(`${project.path}/members/${String(eve.id)}`));
    expect(said(await world.admin.get(`${project.path}/members/all/${String(eve.id)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
  });

  it('user_ids and query filter here too', async () => {
    expect(await list(`${group.path}/members/all`, { user_ids: [owner.id, both.id] })).toEqual(
      expect.arrayContaining([owner.id, both.id]),
    );
    expect(await list(`${group.path}/members/all`, { query: owner.username })).toEqual([owner.id]);
  });
});

contract('members: who may read', () => {
  it('a private source is 404 to strangers', async () => {
    expect(said(await stranger.call.get(`${group.path}/members`))).toEqual(refusal(404, '404 Group Not Found'));
    expect(said(await stranger.call.get(`${project.path}/members/all`))).toEqual(refusal(404, '404 Project Not Found'));
  });

  it('a guest reads the members', async () => {
    const guest = await world.person('guest');
    await world.member(group, guest, GUEST);
    expect((await guest.call.get(`${group.path}/members`)).status).toBe(200);
    await must(204, world.admin.delete(`${group.path}/members/${String(guest.id)}`));
  });

  it("a member's e-mail is not shown to other members", async () => {
    const row = record((await dev.call.get(`${group.path}/members/${String(both.id)}`)).json);
    expect(numberAt(row, 'id')).toBe(both.id);
    expect(row).not.toHaveProperty('email');
  });

  it('group access counts at once', async () => {
    const eve = await world.person('eve');
    expect((await eve.call.get(group.path)).status).toBe(404);
    await world.member(group, eve, GUEST);
    expect((await eve.call.get(`${group.path}/members`)).status).toBe(200);
    await must(204, world.admin.delete(`${group.path}/members/${String(eve.id)}`));
    expect((await eve.call.get(group.path)).status).toBe(404);
  });
});
