import { beforeAll, expect, it } from '@jest/globals';
import { refusal, said } from './helpers/answers.ts';
import { at, idsOf, record, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER, REPORTER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOT_FOUND = refusal(404, '404 Not found');
const FORBIDDEN = refusal(403, '403 Forbidden');

const world = openWorld();
let owner: Person;
let dev: Person;
let open: Source;
let below: Source;
let hidden: Source;

/** open is visible to all who sign in (owner: Owner, dev: Developer) > below; hidden is private. */
beforeAll(async () => {
  [owner, dev] = [await world.person('owner'), await world.person('dev')];
  open = await world.group('open', {
    visibility: await world.openVisibility(),
    extra: { request_access_enabled: true },
  });
  below = await world.group('below', {
    parent: open,
    visibility: await world.openVisibility(),
    extra: { request_access_enabled: true },
  });
  hidden = await world.group('hidden', { parent: world.root });
  await world.member(open, owner, OWNER);
  await world.member(open, dev, DEVELOPER);
});

const requests = (source: Source) => `${source.path}/access_requests`;
const asked = async (source = open) => {
  const person = await world.person('eve');
  await must(201, person.call.post(requests(source)));
  return person;
};
const approve = (source: Source, person: Person, level?: number, by = owner) =>
  by.call.put(`${requests(source)}/${String(person.id)}/approve`, level === undefined ? {} : { access_level: level });
const direct = async (source: Source, person: Person) =>
  said(await world.admin.get(`${source.path}/members/${String(person.id)}`));

contract('access requests', (section) => {
  it('a request is 201 with the user and the time, and gives nothing', async () => {
    const eve = await world.person('eve');
    const answer = await eve.call.post(requests(open));
    expect(said(answer)).toMatchObject({ status: 201, json: { id: eve.id, username: eve.username, state: 'active' } });
    expect(Number.isNaN(Date.parse(textAt(answer.json, 'requested_at')))).toBe(false);
    expect(record(answer.json)).not.toHaveProperty('access_level');
    expect(await direct(open, eve)).toEqual(NOT_FOUND);
    const members = await world.admin.get(`${open.path}/members/all`, { per_page: 100 });
    expect(idsOf(members.json)).not.toContain(eve.id);
  });

  it('a second request is 400', async () => {
    const eve = await asked();
    expect(said(await eve.call.post(requests(open)))).toEqual(refusal(400, { user_id: ['already exists in source'] }));
  });

  it('what one cannot see is 404, where one is a member already 403', async () => {
    const eve = await world.person('eve');
    expect(said(await eve.call.post(requests(hidden)))).toEqual(refusal(404, '404 Group Not Found'));
    expect(said(await dev.call.post(requests(open)))).toEqual(FORBIDDEN);
    expect(said(await dev.call.post(requests(below)))).toEqual(FORBIDDEN);
  });

  it('a group that takes no requests is 403', async () => {
    const closed = await world.group('closed', {
      parent: open,
      visibility: await world.openVisibility(),
      extra: { request_access_enabled: false },
    });
    const eve = await world.person('eve');
    expect(said(await eve.call.post(requests(closed)))).toEqual(FORBIDDEN);
  });

  it('Owners list the requests, others are 403', async () => {
    const eve = await asked();
    const answer = await owner.call.get(requests(open), { per_page: 100 });
    expect(answer.status).toBe(200);
    expect(idsOf(answer.json)).toContain(eve.id);
    expect(said(await dev.call.get(requests(open)))).toEqual(FORBIDDEN);
  });

  it('approval is 201 with the row, as Developer unless a level is named', async () => {
    const [eve, adam] = [await asked(), await asked()];
    expect(said(await approve(open, eve))).toMatchObject({
      status: 201,
      json: { id: eve.id, access_level: DEVELOPER },
    });
    expect(said(await approve(open, adam, REPORTER))).toMatchObject({
      status: 201,
      json: { id: adam.id, access_level: REPORTER },
    });
    expect(await direct(open, eve)).toMatchObject({ status: 200, json: { access_level: DEVELOPER } });
    expect(idsOf((await owner.call.get(requests(open), { per_page: 100 })).json)).not.toContain(eve.id);
  });

  it('approval of who has not asked is 404, without the right 403', async () => {
    const stranger = await world.person('stranger');
    expect(said(await approve(open, stranger))).toEqual(NOT_FOUND);
    expect(said(await approve(open, await asked(), GUEST, dev))).toEqual(FORBIDDEN);
  });

  it('a request is denied by an Owner or withdrawn by its maker: 204, then 404', async () => {
    const [eve, adam] = [await asked(), await asked()];
    expect((await owner.call.delete(`${requests(open)}/${String(eve.id)}`)).status).toBe(204);
    expect((await adam.call.delete(`${requests(open)}/${String(adam.id)}`)).status).toBe(204);
    expect(said(await owner.call.delete(`${requests(open)}/${String(eve.id)}`))).toEqual(NOT_FOUND);
  });

  it('others may not deny', async () => {
    const eve = await asked();
    expect(said(await dev.call.delete(`${requests(open)}/${String(eve.id)}`))).toEqual(FORBIDDEN);
  });

  it('If-Unmodified-Since before the request is 412 and keeps it', async () => {
    const eve = await asked();
    const path = `${requests(open)}/${String(eve.id)}`;
    const headers = { 'if-unmodified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' };
    expect(said(await owner.call.send('DELETE', path, { headers }))).toEqual(refusal(412, '412 Precondition Failed'));
    expect((await owner.call.delete(path)).status).toBe(204);
  });

  it('adding who has asked approves the request at that level', async () => {
    const eve = await asked();
    const answer = await owner.call.post(`${open.path}/members`, { user_id: eve.id, access_level: MAINTAINER });
    expect(said(answer)).toMatchObject({ status: 201, json: { access_level: MAINTAINER } });
    expect(said(await owner.call.delete(`${requests(open)}/${String(eve.id)}`))).toEqual(NOT_FOUND);
  });

  it('a request is no member to change or remove', async () => {
    const eve = await asked();
    const path = `${open.path}/members/${String(eve.id)}`;
    expect(said(await owner.call.put(path, { access_level: GUEST }))).toEqual(NOT_FOUND);
    expect(said(await owner.call.delete(path))).toEqual(NOT_FOUND);
  });

  it('approval below an inherited level answers 201 and approves nothing', async () => {
    const eve = await asked(below);
    await world.member(open, eve, DEVELOPER);
    expect((await approve(below, eve, GUEST)).status).toBe(201);
    expect(await direct(below, eve)).toEqual(NOT_FOUND);
  });

  it("a pending request counts among an administrator's view of memberships", async () => {
    const eve = await asked();
    const list = await world.admin.get(`/users/${String(eve.id)}/memberships`);
    expect(at(list.json, 0, 'source_id')).toBe(open.id);
  });

  it('in a project a Maintainer approves up to the own level, and not above', async () => {
    const project = await world.project('project', open, { visibility: await world.openVisibility() });
    const maintainer = await world.person('maintainer');
    await world.member(project, maintainer, MAINTAINER);
    await world.inForce(project, maintainer);
    const eve = await asked(project);
    expect(said(await approve(project, eve, OWNER, maintainer))).toEqual(FORBIDDEN);
    expect(said(await approve(project, eve, MAINTAINER, maintainer))).toMatchObject({
      status: 201,
      json: { id: eve.id, access_level: MAINTAINER },
    });
  });

  section.notAsked('seats and promotion approval on approving (need licences)');
});
