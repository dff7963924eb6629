import { beforeAll, expect, it } from '@jest/globals';
import { isMissingRoute, NO_ROUTE, refusal, said } from './helpers/answers.ts';
import type { Caller } from './helpers/http.ts';
import { at, idsOf, numberAt, record, textAt } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import type { Section } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOBODY = 999_999_999;
const FORBIDDEN = refusal(403, '403 Forbidden');

const world = openWorld();
let owner: Person;
let root: Source;
let accounts: string;
let refused: string | undefined;

/** root is a top-level group whose only Owner is owner. */
beforeAll(async () => {
  owner = await world.person('owner');
  root = await world.ownedGroup('owned', owner);
  accounts = `${root.path}/service_accounts`;
  const probe = await world.admin.get(accounts);
  if (isMissingRoute(probe)) refused = 'service accounts (no such route: Community Edition)';
  else if (probe.status !== 200) refused = `service accounts (${String(probe.status)}: not licensed)`;
});

interface Robot {
  readonly id: number;
  readonly username: string;
}

const make = async (body: Record<string, unknown> = {}): Promise<Robot> => {
  const { json } = await must(201, world.admin.post(accounts, body));
  const robot = { id: numberAt(json, 'id'), username: textAt(json, 'username') };
  world.cleanUp(() => world.admin.delete(`/users/${String(robot.id)}`, { hard_delete: true }));
  return robot;
};
const tokens = (robot: Robot) => `${accounts}/${String(robot.id)}/personal_access_tokens`;
const callOf = async (robot: Robot): Promise<Caller> => {
  const body = { name: 'robot', scopes: ['api'], expires_at: world.day(10) };
  return world.with(textAt((await must(201, world.admin.post(tokens(robot), body))).json, 'token'));
};
const seat = (source: Source, robot: Robot) => `${source.path}/members/${String(robot.id)}`;

/** A test that counts only where the instance has service accounts. */
function where(section: Section): (name: string, body: () => Promise<void>) => void {
  let told = false;
  return (name, body) => {
    it(name, async () => {
      if (refused === undefined) {
        await body();
        return;
      }
      if (!told) section.doesNotApply(refused);
      told = true;
    });
  };
}

contract('service accounts', (section) => {
  const check = where(section);

  it('are no route on the Community Edition, and refused with 403 where they are not licensed', async () => {
    const probe = said(await world.admin.get(accounts));
    if (world.enterprise) expect([200, 403]).toContain(probe.status);
    else expect(probe).toEqual(NO_ROUTE);
  });

  check('one made without a name has one made of the group and chance', async () => {
    const answer = await world.admin.post(accounts);
    expect(answer.status).toBe(201);
    world.cleanUp(() => world.admin.delete(`/users/${String(numberAt(answer.json, 'id'))}`, { hard_delete: true }));
    expect(Object.keys(record(answer.json)).sort()).toEqual(['email', 'id', 'name', 'public_email', 'username']);
    expect(textAt(answer.json, 'username')).toMatch(
      new RegExp(`^service_account_group_${String(root.id)}_[0-9a-f]{32}$`),
    );
    expect(textAt(answer.json, 'email')).toContain(`${textAt(answer.json, 'username')}@noreply.`);
    expect(textAt(answer.json, 'name')).toBe('Service account user');
  });

  check('a taken username is 400', async () => {
    const robot = await make({ name: 'Robot', username: world.unique('robot') });
    const again = await world.admin.post(accounts, { username: robot.username });
    expect(again.status).toBe(400);
    expect(textAt(again.json, 'message')).toContain('Username has already been taken');
  });

  check('Owners list those of the group, others are refused', async () => {
    const robot = await make();
    const maintainer = await world.person('maintainer');
    await world.member(root, maintainer, MAINTAINER);
    expect(idsOf((await owner.call.get(accounts, { per_page: 100 })).json)).toContain(robot.id);
    expect(said(await maintainer.call.get(accounts))).toEqual(FORBIDDEN);
    expect(said(await maintainer.call.post(accounts))).toEqual(FORBIDDEN);
  });

  check('an account is a bot, external, active, and no human', async () => {
    const robot = await make({ username: world.unique('robot') });
    const user = await world.admin.get(`/users/${String(robot.id)}`);
    expect(said(user)).toMatchObject({ status: 200, json: { bot: true, external: true, state: 'active' } });
    const found = async (filter: string) =>
      idsOf((await world.admin.get('/users', { search: robot.username, [filter]: true })).json);
    expect(await found('active')).toEqual([robot.id]);
    expect(await found('humans')).toEqual([]);
    const graphql = await world.admin.graphql(`{user(username:"${robot.username}"){type bot}}`);
    expect(at(graphql.json, 'data', 'user')).toEqual({ type: 'SERVICE_ACCOUNT', bot: true });
  });

  check('deletion is 204, and the account is gone soon after', async () => {
    const robot = await make();
    expect((await world.admin.delete(`${accounts}/${String(robot.id)}`)).status).toBe(204);
    const seen = await eventually(
      () => world.admin.get(`/users/${String(robot.id)}`),
      (answer) => answer.status === 404,
    );
    expect(said(seen)).toEqual(refusal(404, '404 User Not Found'));
  });

  check("a person is none of the group's accounts", async () => {
    const path = `${accounts}/${String(owner.id)}`;
    for (const answer of [await world.admin.delete(path), await world.admin.get(`${path}/personal_access_tokens`)]) {
      expect(said(answer)).toEqual(refusal(404, '404 User Not Found'));
    }
  });

  section.notAsked(
    'Owners making accounts themselves, subgroups and projects making them (settings and flags of the instance)',
  );
});

contract('service accounts: tokens', (section) => {
  const check = where(section);

  check('an Owner makes, lists, rotates and revokes them', async () => {
    const robot = await make();
    const made = await owner.call.post(tokens(robot), { name: 'one', scopes: ['read_api'], expires_at: world.day(10) });
    expect(said(made)).toMatchObject({ status: 201, json: { user_id: robot.id, scopes: ['read_api'], active: true } });
    const call = world.with(textAt(made.json, 'token'));
    expect(said(await call.get('/user'))).toMatchObject({ status: 200, json: { id: robot.id, bot: true } });
    expect(idsOf((await owner.call.get(tokens(robot))).json)).toEqual([numberAt(made.json, 'id')]);
    const path = `${tokens(robot)}/${String(numberAt(made.json, 'id'))}`;
    const rotated = await owner.call.post(`${path}/rotate`, { expires_at: world.day(9) });
    expect(said(rotated)).toMatchObject({
      status: 200,
      json: { user_id: robot.id, expires_at: world.day(9), active: true },
    });
    expect((await call.get('/user')).status).toBe(401);
    expect(said(await owner.call.post(`${path}/rotate`))).toEqual(
      refusal(400, '400 Bad request - Token already revoked'),
    );
    const heir = `${tokens(robot)}/${String(numberAt(rotated.json, 'id'))}`;
    expect((await owner.call.delete(heir)).status).toBe(204);
    expect((await world.with(textAt(rotated.json, 'token')).get('/user')).status).toBe(401);
  });

  check('a missing token is 404 in two ways', async () => {
    const path = `${tokens(await make())}/${String(NOBODY)}`;
    expect(said(await owner.call.delete(path))).toEqual(refusal(404, '404 Personal Access Token Not Found'));
    expect(said(await owner.call.post(`${path}/rotate`))).toEqual(refusal(404, '404 Not Found'));
  });

  check('a blocked account is 403 in REST and, unlike a person, 403 in GraphQL', async () => {
    const robot = await make();
    const call = await callOf(robot);
    await must(201, world.admin.post(`/users/${String(robot.id)}/block`));
    expect(said(await call.get('/user'))).toEqual(refusal(403, '403 Forbidden - Your account has been blocked.'));
    const graphql = said(await call.graphql('{currentUser{id}}'));
    expect(graphql).toEqual({ status: 403, json: { errors: [{ message: 'API not accessible for user' }] } });
  });
});

contract('service accounts: members', (section) => {
  const check = where(section);

  check('one is added, changed and removed like a person, by the Owner', async () => {
    const robot = await make();
    const sub = await world.group('sub', { parent: root });
    const added = await owner.call.post(`${sub.path}/members`, { user_id: robot.id, access_level: DEVELOPER });
    expect(said(added)).toMatchObject({ status: 201, json: { id: robot.id, access_level: DEVELOPER } });
    const changed = await owner.call.put(seat(sub, robot), { access_level: MAINTAINER });
    expect(said(changed)).toMatchObject({ status: 200, json: { access_level: MAINTAINER } });
    expect((await owner.call.delete(seat(sub, robot))).status).toBe(204);
  });

  check('one that is Owner manages members of the whole tree', async () => {
    const robot = await make();
    await world.member(root, robot, OWNER);
    const call = await callOf(robot);
    const sub = await world.group('sub', { parent: root });
    const eve = await world.person('eve');
    const added = await call.post(`${sub.path}/members`, { user_id: eve.id, access_level: GUEST });
    expect(said(added)).toMatchObject({ status: 201, json: { access_level: GUEST, created_by: { id: robot.id } } });
    expect((await call.put(`${sub.path}/members/${String(eve.id)}`, { access_level: OWNER })).status).toBe(200);
    expect((await call.delete(`${sub.path}/members/${String(eve.id)}`)).status).toBe(204);
    await must(204, world.admin.delete(seat(root, robot)));
  });

  check('one that is Owner does not count: the last human Owner stays, the account can go', async () => {
    const robot = await make();
    await world.member(root, robot, OWNER);
    const call = await callOf(robot);
    expect(said(await call.delete(`${root.path}/members/${String(owner.id)}`))).toEqual(FORBIDDEN);
    expect((await owner.call.delete(seat(root, robot))).status).toBe(204);
  });

  check('one does not leave a group by itself, unless it is Owner there', async () => {
    const robot = await make();
    await world.member(root, robot, DEVELOPER);
    const call = await callOf(robot);
    expect(said(await call.delete(seat(root, robot)))).toEqual(FORBIDDEN);
    await must(200, owner.call.put(seat(root, robot), { access_level: OWNER }));
    expect((await call.delete(seat(root, robot))).status).toBe(204);
  });
});
