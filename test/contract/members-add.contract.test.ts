import { beforeAll, expect, it } from '@jest/globals';
import { fault, isMissingRoute, refusal, said } from './helpers/answers.ts';
import { at, numberAt, record, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER, PLANNER, REPORTER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOBODY = 999_999_999;
const world = openWorld();
let owner: Person;
let maintainer: Person;
let guest: Person;
let heir: Person;
let top: Source;
let group: Source;
let project: Source;

/** top (owner: Owner, maintainer: Maintainer, guest: Guest, heir: Developer) > group > project. */
beforeAll(async () => {
  [owner, maintainer, guest, heir] = [
    await world.person('owner'),
    await world.person('maintainer'),
    await world.person('guest'),
    await world.person('heir'),
  ];
  top = await world.group('top', { parent: world.root });
  group = await world.group('group', { parent: top });
  project = await world.project('project', group);
  await world.member(top, owner, OWNER);
  await world.member(top, maintainer, MAINTAINER);
  await world.member(top, guest, GUEST);
  await world.member(top, heir, DEVELOPER);
  await world.canRead(project, owner, maintainer, guest);
});

const add = (source: Source, body: Record<string, unknown>, by = owner) => by.call.post(`${source.path}/members`, body);
const direct = async (source: Source, person: Pick<Person, 'id'>) =>
  said(await world.admin.get(`${source.path}/members/${String(person.id)}`));
const validation = (answer: { status: number; json: unknown }, key: string) => {
  expect(answer.status).toBe(400);
  return at(answer.json, 'message', key);
};

contract('members: add', (section) => {
  it('an addition is 201 with the row, its giver and no expiry', async () => {
    const eve = await world.person('eve');
    const answer = await add(group, { user_id: eve.id, access_level: DEVELOPER });
    expect(said(answer)).toMatchObject({
      status: 201,
      json: {
        id: eve.id,
        username: eve.username,
        state: 'active',
        access_level: DEVELOPER,
        expires_at: null,
        created_by: { id: owner.id },
      },
    });
    expect(record(answer.json)['membership_state']).toBe(world.enterprise ? 'active' : undefined);
    const read = await owner.call.get(`${group.path}/members/${String(eve.id)}`);
    expect(said(read)).toEqual({ status: 200, json: answer.json });
  });

  it.each([GUEST, PLANNER, REPORTER, DEVELOPER, MAINTAINER, OWNER])(
    'an Owner gives level %i in groups and projects',
    async (level) => {
      const eve = await world.person('eve');
      for (const source of [project, group]) {
        expect(said(await add(source, { user_id: eve.id, access_level: level }))).toMatchObject({
          status: 201,
          json: { access_level: level },
        });
      }
    },
  );

  it('expires_at takes a date, cuts a time to its date, and reads an empty text as none', async () => {
    const times: readonly (readonly [string, string | null])[] = [
      [world.day(1), world.day(1)],
      [`${world.day(30)}T23:30:00Z`, world.day(30)],
      ['', null],
    ];
    for (const [sent, kept] of times) {
      const eve = await world.person('eve');
      const answer = await add(group, { user_id: eve.id, access_level: GUEST, expires_at: sent });
      expect(said(answer)).toMatchObject({ status: 201, json: { expires_at: kept } });
    }
  });

  it('a username is taken in its exact letter case only', async () => {
    const eve = await world.person('eve');
    const shouted = await add(group, { username: eve.username.toUpperCase(), access_level: GUEST });
    expect(said(shouted)).toEqual(refusal(404, '404 User Not Found'));
    expect(said(await add(group, { username: eve.username, access_level: GUEST }))).toMatchObject({
      status: 201,
      json: { id: eve.id },
    });
  });

  it('an unknown user is 404, also to who may not add', async () => {
    for (const by of [owner, guest]) {
      expect(said(await add(group, { user_id: NOBODY, access_level: GUEST }, by))).toEqual(
        refusal(404, '404 User Not Found'),
      );
      expect(said(await add(group, { user_id: 'somebody', access_level: GUEST }, by))).toEqual(
        refusal(404, '404 User Not Found'),
      );
    }
  });

  it('a direct member is 409, also to who may not add, and keeps its level', async () => {
    for (const by of [owner, guest]) {
      expect(said(await add(top, { user_id: heir.id, access_level: MAINTAINER }, by))).toEqual(
        refusal(409, 'Member already exists'),
      );
    }
    expect(await direct(top, heir)).toMatchObject({ json: { access_level: DEVELOPER } });
  });

  it('an inherited member is no conflict', async () => {
    const answer = await add(group, { user_id: heir.id, access_level: MAINTAINER });
    expect(said(answer)).toMatchObject({ status: 201, json: { access_level: MAINTAINER } });
    await must(204, world.admin.delete(`${group.path}/members/${String(heir.id)}`));
  });

  it('a blocked user is added like any other', async () => {
    const eve = await world.person('eve');
    await must(201, world.admin.post(`/users/${String(eve.id)}/block`));
    expect(said(await add(group, { user_id: eve.id, access_level: GUEST }))).toMatchObject({
      status: 201,
      json: { id: eve.id, state: 'blocked' },
    });
  });

  it('an administrator adds without being a member', async () => {
    const boss = await world.person('boss');
    const eve = await world.person('eve');
    await must(200, world.admin.put(`/users/${String(boss.id)}`, { admin: true }));
    const call = world.with(await world.token(boss.id, ['api', 'admin_mode']));
    const answer = await call.post(`${group.path}/members`, { user_id: eve.id, access_level: OWNER });
    expect(said(answer)).toMatchObject({ status: 201, json: { access_level: OWNER, created_by: { id: boss.id } } });
  });

  it('the same user can be removed and added again', async () => {
    const eve = await world.person('eve');
    for (const level of [DEVELOPER, GUEST]) {
      expect((await add(group, { user_id: eve.id, access_level: level })).status).toBe(201);
      expect((await owner.call.delete(`${group.path}/members/${String(eve.id)}`)).status).toBe(204);
    }
    expect(await direct(group, eve)).toEqual(refusal(404, '404 Not found'));
  });

  section.notAsked(
    'seats, daily invite quota, user cap (awaiting), promotion approval (202): need licences and settings',
  );
  section.notAsked('LDAP and SAML locks, SSO enforcement, allowed e-mail domains: need an identity provider');
  section.notAsked('membership lock, Minimal Access and custom roles: need Premium or Ultimate');
  section.notAsked('archived groups, which refuse additions (the way to archive one differs between 18.x)');
  section.notAsked('two simultaneous additions leaving two rows: a race that no client can force');
});

contract('members: who may add', (section) => {
  it('in a group only an Owner adds: a Maintainer or Guest is 403', async () => {
    const eve = await world.person('eve');
    for (const by of [maintainer, guest]) {
      expect(said(await add(group, { user_id: eve.id, access_level: GUEST }, by))).toEqual(
        refusal(403, '403 Forbidden'),
      );
    }
  });

  it('in a project a Maintainer adds, a Guest is 403', async () => {
    const eve = await world.person('eve');
    expect(said(await add(project, { user_id: eve.id, access_level: GUEST }, guest))).toEqual(
      refusal(403, '403 Forbidden'),
    );
    expect(said(await add(project, { user_id: eve.id, access_level: MAINTAINER }, maintainer))).toMatchObject({
      status: 201,
      json: { access_level: MAINTAINER, created_by: { id: maintainer.id } },
    });
  });

  it('a project Maintainer makes no Owner: 403', async () => {
    const eve = await world.person('eve');
    expect(said(await add(project, { user_id: eve.id, access_level: OWNER }, maintainer))).toEqual(
      refusal(403, '403 Forbidden'),
    );
  });

  it('a Maintainer cannot make a Planner: 400 with status error', async () => {
    const eve = await world.person('eve');
    const answer = await add(project, { user_id: eve.id, access_level: PLANNER }, maintainer);
    expect(answer.status).toBe(400);
    expect(at(answer.json, 'status')).toBe('error');
    expect(textAt(answer.json, 'message')).toContain(
      "the member access level can't be higher than the current user's one",
    );
    expect(await direct(project, eve)).toEqual(refusal(404, '404 Not found'));
  });

  it("a token's bot joins nothing else", async () => {
    const made = await owner.call.post(`${group.path}/access_tokens`, {
      name: 'bot',
      scopes: ['read_api'],
      expires_at: world.day(5),
      access_level: GUEST,
    });
    if (isMissingRoute(made) || made.status !== 201) {
      section.doesNotApply(`bots of group access tokens (${String(made.status)} on making one)`);
      return;
    }
    const bot = { id: numberAt(made.json, 'user_id') };
    const elsewhere = await world.group('elsewhere', { parent: world.root });
    const refused = await world.admin.post(`${elsewhere.path}/members`, { user_id: bot.id, access_level: GUEST });
    expect(validation(refused, 'user_id')).toEqual(['project bots cannot be added to other groups / projects']);
    expect(await direct(group, bot)).toMatchObject({ status: 200, json: { access_level: GUEST } });
    const path = `${group.path}/members/${String(bot.id)}`;
    expect(said(await world.admin.put(path, { access_level: DEVELOPER }))).toEqual(refusal(403, '403 Forbidden'));
    expect(said(await world.admin.delete(path))).toEqual(refusal(403, '403 Forbidden'));
  });
});

contract('members: what may be added', () => {
  it.each([0, 7, 60])('level %i is refused by the model', async (level) => {
    const eve = await world.person('eve');
    for (const source of [group, project]) {
      expect(
        validation(
          await world.admin.post(`${source.path}/members`, { user_id: eve.id, access_level: level }),
          'access_level',
        ),
      ).toEqual(expect.arrayContaining(['is not included in the list']));
    }
  });

  it('Minimal Access is refused below a root group', async () => {
    const eve = await world.person('eve');
    expect(validation(await add(group, { user_id: eve.id, access_level: 5 }), 'access_level')).toBeInstanceOf(Array);
  });

  it('a level below the inherited one is 400 and names role and group', async () => {
    const expected = [`should be greater than or equal to Developer inherited membership from group ${top.name}`];
    for (const source of [group, project]) {
      const answer = await add(source, { user_id: heir.id, access_level: REPORTER });
      expect(validation(answer, 'access_level')).toEqual(expected);
    }
    expect(await direct(group, heir)).toEqual(refusal(404, '404 Not found'));
  });

  it('a level equal to the inherited one is added', async () => {
    const answer = await add(group, { user_id: heir.id, access_level: DEVELOPER });
    expect(said(answer)).toMatchObject({ status: 201, json: { access_level: DEVELOPER } });
    await must(204, world.admin.delete(`${group.path}/members/${String(heir.id)}`));
  });

  it('access by a shared group sets no lower bound', async () => {
    const sharer = await world.person('sharer');
    const invited = await world.group('invited', { parent: world.root });
    const target = await world.group('target', { parent: world.root });
    await world.member(invited, sharer, MAINTAINER);
    await must(201, world.admin.post(`${target.path}/share`, { group_id: invited.id, group_access: MAINTAINER }));
    expect((await world.member(target, sharer, GUEST)).status).toBe(201);
  });

  it('a past expiry is 400', async () => {
    const eve = await world.person('eve');
    const answer = await add(group, { user_id: eve.id, access_level: GUEST, expires_at: world.day(-2) });
    expect(validation(answer, 'expires_at')).toEqual(['cannot be a date in the past']);
    expect(await direct(group, eve)).toEqual(refusal(404, '404 Not found'));
  });

  it('an expiry that is no date is a parameter fault', async () => {
    const eve = await world.person('eve');
    const answer = await add(group, { user_id: eve.id, access_level: GUEST, expires_at: 'soon' });
    expect(said(answer)).toEqual(fault(400, 'expires_at is invalid'));
  });

  it('two faults of one row are told together', async () => {
    const eve = await world.person('eve');
    const answer = await add(group, { user_id: eve.id, access_level: 7, expires_at: world.day(-2) });
    expect(answer.status).toBe(400);
    expect(Object.keys(record(at(answer.json, 'message'))).sort()).toEqual(['access_level', 'expires_at']);
  });
});
