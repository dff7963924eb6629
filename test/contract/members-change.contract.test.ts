import { beforeAll, expect, it } from '@jest/globals';
import { fault, refusal, said } from './helpers/answers.ts';
import { at } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER, REPORTER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOBODY = 999_999_999;
const world = openWorld();
let owner: Person;
let maintainer: Person;
let member: Person;
let top: Source;
let group: Source;
let project: Source;

/** top (owner: Owner) > group (member: Developer, maintainer: Maintainer) > project (member: Maintainer). */
beforeAll(async () => {
  [owner, maintainer, member] = [
    await world.person('owner'),
    await world.person('maintainer'),
    await world.person('member'),
  ];
  top = await world.group('top', { parent: world.root });
  group = await world.group('group', { parent: top });
  project = await world.project('project', group);
  await world.member(top, owner, OWNER);
  await world.member(group, member, DEVELOPER, world.day(9));
  await world.member(group, maintainer, MAINTAINER);
  await world.canRead(project, owner, maintainer, member);
});

const change = (source: Source, person: Pick<Person, 'id'>, body: Record<string, unknown>, by = owner) =>
  by.call.put(`${source.path}/members/${String(person.id)}`, body);
const seated = async (source: Source, level: number, expiresAt?: string) => {
  const person = await world.person('eve');
  await world.member(source, person, level, expiresAt);
  return person;
};

contract('members: change', (section) => {
  it('a change is 200 with the row, and is there to read', async () => {
    const eve = await seated(group, GUEST);
    const answer = await change(group, eve, { access_level: MAINTAINER });
    expect(said(answer)).toMatchObject({
      status: 200,
      json: { id: eve.id, access_level: MAINTAINER, expires_at: null },
    });
    expect(said(await owner.call.get(`${group.path}/members/${String(eve.id)}`))).toEqual(said(answer));
  });

  it('access_level is required, also to change the date alone', async () => {
    expect(said(await change(group, member, { expires_at: world.day(5) }))).toEqual(
      fault(400, 'access_level is missing'),
    );
  });

  it('an expiry not sent is kept', async () => {
    const eve = await seated(group, GUEST, world.day(9));
    expect(said(await change(group, eve, { access_level: REPORTER }))).toMatchObject({
      status: 200,
      json: { access_level: REPORTER, expires_at: world.day(9) },
    });
  });

  it.each([[''], [null]])('an expiry sent as %j is cleared', async (none) => {
    const eve = await seated(group, GUEST, world.day(9));
    expect(said(await change(group, eve, { access_level: GUEST, expires_at: none }))).toMatchObject({
      status: 200,
      json: { access_level: GUEST, expires_at: null },
    });
  });

  it('an expiry alone is changed by sending the present level', async () => {
    const eve = await seated(group, GUEST);
    expect(
      said(await change(group, eve, { access_level: GUEST, expires_at: `${world.day(12)}T10:00:00Z` })),
    ).toMatchObject({
      status: 200,
      json: { access_level: GUEST, expires_at: world.day(12) },
    });
  });

  it('the same again is 200', async () => {
    const body = { access_level: DEVELOPER, expires_at: world.day(9) };
    expect(said(await change(group, member, body))).toMatchObject({ status: 200, json: body });
    expect(said(await change(group, member, body))).toMatchObject({ status: 200, json: body });
  });

  it('who gave the row first stays named', async () => {
    const eve = await world.person('eve');
    const added = await must(201, owner.call.post(`${group.path}/members`, { user_id: eve.id, access_level: GUEST }));
    const changed = await world.admin.put(`${group.path}/members/${String(eve.id)}`, { access_level: DEVELOPER });
    expect(said(changed)).toMatchObject({
      status: 200,
      json: { created_by: { id: owner.id }, created_at: at(added.json, 'created_at') },
    });
  });

  it('a blocked member is changed like any other', async () => {
    const eve = await seated(group, GUEST);
    await must(201, world.admin.post(`/users/${String(eve.id)}/block`));
    expect(said(await change(group, eve, { access_level: REPORTER }))).toMatchObject({
      status: 200,
      json: { access_level: REPORTER, state: 'blocked' },
    });
  });

  it('raising a group member reaches its projects', async () => {
    const eve = await seated(group, GUEST);
    await must(200, change(group, eve, { access_level: MAINTAINER }));
    const level = async () =>
      at((await owner.call.get(`${project.path}/members/all/${String(eve.id)}`)).json, 'access_level');
    expect(await eventually(level, (seen) => seen === MAINTAINER)).toBe(MAINTAINER);
  });

  section.notAsked('seats, promotion approval, custom roles, LDAP override: need licences and settings');
});

contract('members: change refused', () => {
  it('who is no direct member is 404: unknown, stranger or inherited', async () => {
    const stranger = await world.person('stranger');
    for (const person of [{ id: NOBODY }, stranger, owner]) {
      expect(said(await change(group, person, { access_level: OWNER }))).toEqual(refusal(404, '404 Not found'));
    }
  });

  it('a missing member is 404 before the right is looked at', async () => {
    expect(said(await change(group, { id: NOBODY }, { access_level: GUEST }, member))).toEqual(
      refusal(404, '404 Not found'),
    );
  });

  it('without the right it is 403', async () => {
    const eve = await seated(group, GUEST);
    for (const by of [member, maintainer]) {
      expect(said(await change(group, eve, { access_level: GUEST }, by))).toEqual(refusal(403, '403 Forbidden'));
    }
  });

  it('a project Maintainer changes those below, and touches or makes no Owner', async () => {
    const junior = await seated(project, GUEST);
    const chief = await seated(project, OWNER);
    expect((await change(project, junior, { access_level: DEVELOPER }, maintainer)).status).toBe(200);
    expect(said(await change(project, junior, { access_level: OWNER }, maintainer))).toEqual(
      refusal(403, '403 Forbidden'),
    );
    expect(said(await change(project, chief, { access_level: GUEST }, maintainer))).toEqual(
      refusal(403, '403 Forbidden'),
    );
    expect((await change(project, chief, { access_level: GUEST })).status).toBe(200);
  });

  it('nobody raises the own level, everybody in charge may lower it', async () => {
    const eve = await seated(project, MAINTAINER);
    await world.canRead(project, eve);
    expect(said(await change(project, eve, { access_level: OWNER }, eve))).toEqual(refusal(403, '403 Forbidden'));
    expect(said(await change(project, eve, { access_level: REPORTER }, eve))).toMatchObject({
      status: 200,
      json: { access_level: REPORTER },
    });
  });

  it('a past expiry is 400 and changes nothing', async () => {
    const eve = await seated(group, GUEST);
    const answer = await change(group, eve, { access_level: DEVELOPER, expires_at: world.day(-2) });
    expect(said(answer)).toEqual(refusal(400, { expires_at: ['cannot be a date in the past'] }));
    expect(at((await owner.call.get(`${group.path}/members/${String(eve.id)}`)).json, 'access_level')).toBe(GUEST);
  });

  it.each([0, 7, 60])('level %i is refused', async (level) => {
    const answer = await world.admin.put(`${group.path}/members/${String(member.id)}`, { access_level: level });
    expect(answer.status).toBe(400);
    expect(at(answer.json, 'message', 'access_level')).toEqual(expect.arrayContaining(['is not included in the list']));
  });

  it('a level below the inherited one is 400', async () => {
    const eve = await seated(top, DEVELOPER);
    await world.member(group, eve, MAINTAINER);
    const answer = await change(group, eve, { access_level: GUEST });
    expect(said(answer)).toEqual(
      refusal(400, {
        access_level: [`should be greater than or equal to Developer inherited membership from group ${top.name}`],
      }),
    );
  });

  it('a row overtaken from above takes not even a new date, and can be removed', async () => {
    const eve = await seated(group, GUEST);
    await world.member(top, eve, DEVELOPER);
    const answer = await change(group, eve, { access_level: GUEST, expires_at: world.day(5) });
    expect(answer.status).toBe(400);
    expect(at(answer.json, 'message', 'access_level')).toBeInstanceOf(Array);
    expect((await owner.call.delete(`${group.path}/members/${String(eve.id)}`)).status).toBe(204);
  });
});
