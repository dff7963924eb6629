import { beforeAll, expect, it } from '@jest/globals';
import { fault, isMissingRoute, refusal, said } from './helpers/answers.ts';
import { idsOf, numberAt, record } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import type { Section } from './helpers/section.ts';
import { MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOTHING = 999_999_999;
const SECRET = 'a-secret-nobody-is-shown';
/** Nothing listens there, and nothing is asked to happen while these hooks stand. */
const URL = 'https://gatehouse.example.com/hooks';

const world = openWorld();
let owner: Person;
let maintainer: Person;
let group: Source;
let noSystem: string | undefined;
let noGroup: string | undefined;

/** group (owner: Owner, maintainer: Maintainer). */
beforeAll(async () => {
  [owner, maintainer] = [await world.person('owner'), await world.person('maintainer')];
  group = await world.group('group', { parent: world.root });
  await world.member(group, owner, OWNER);
  await world.member(group, maintainer, MAINTAINER);
  const system = await world.admin.get('/hooks');
  if (system.status !== 200) noSystem = `system hooks (${String(system.status)})`;
  const ofGroup = await owner.call.post(`${group.path}/hooks`, { url: URL, push_events: false });
  if (isMissingRoute(ofGroup)) noGroup = 'group hooks (no such route: Community Edition)';
  else if (ofGroup.status !== 201) noGroup = `group hooks (${String(ofGroup.status)}: not licensed)`;
});

function where(section: Section, missing: () => string | undefined) {
  let told = false;
  return (name: string, test: () => Promise<void>): void => {
    it(name, async () => {
      const why = missing();
      if (why === undefined) await test();
      else if (!told) section.doesNotApply(why);
      told = true;
    });
  };
}

contract('system hooks', (section) => {
  const check = where(section, () => noSystem);
  const make = async () => {
    const body = { url: URL, token: SECRET, push_events: false, repository_update_events: false };
    const answer = await must(201, world.admin.post('/hooks', body));
    const id = numberAt(answer.json, 'id');
    world.cleanUp(() => world.admin.delete(`/hooks/${String(id)}`));
    return { id, answer };
  };

  check('one is made, listed and removed, and its secret is never shown', async () => {
    const { id, answer } = await make();
    expect(answer.json).toMatchObject({ url: URL, push_events: false, enable_ssl_verification: true });
    const read = await must(200, world.admin.get(`/hooks/${String(id)}`));
    const list = await must(200, world.admin.get('/hooks', { per_page: 100 }));
    for (const { text } of [answer, read, list]) expect(text).not.toContain(SECRET);
    expect(idsOf(list.json)).toContain(id);
    expect((await world.admin.delete(`/hooks/${String(id)}`)).status).toBe(204);
    expect((await world.admin.delete(`/hooks/${String(id)}`)).status).toBe(404);
  });

  check('they are for administrators', async () => {
    expect((await world.anonymous.get('/hooks')).status).toBe(401);
    expect(said(await owner.call.get('/hooks'))).toEqual(refusal(403, '403 Forbidden'));
    expect(said(await owner.call.post('/hooks', { url: URL }))).toEqual(refusal(403, '403 Forbidden'));
  });

  check('an address is needed, and one of the web', async () => {
    expect(said(await world.admin.post('/hooks'))).toEqual(fault(400, 'url is missing'));
    expect((await world.admin.post('/hooks', { url: 'ftp://gatehouse.example.com' })).status).toBe(422);
  });

  section.notAsked('deliveries: GitLab must reach an address of the suite, which it need not');
});

contract('group hooks', (section) => {
  const check = where(section, () => noGroup);
  const hooks = () => `${group.path}/hooks`;

  check('one for members is made by an Owner, changed and removed', async () => {
    const body = { url: URL, token: SECRET, push_events: false, member_events: true };
    const made = await must(201, owner.call.post(hooks(), body));
    const one = `${hooks()}/${String(numberAt(made.json, 'id'))}`;
    expect(made.json).toMatchObject({ url: URL, member_events: true, push_events: false, group_id: group.id });
    expect(made.text).not.toContain(SECRET);
    const changed = await must(200, owner.call.put(one, { url: URL, member_events: false }));
    expect(record(changed.json)['member_events']).toBe(false);
    expect((await owner.call.delete(one)).status).toBe(204);
    expect((await owner.call.get(one)).status).toBe(404);
  });

  check('a Maintainer has no right to them', async () => {
    expect((await maintainer.call.get(hooks())).status).toBe(403);
    expect((await maintainer.call.post(hooks(), { url: URL })).status).toBe(403);
  });

  check('what is not there is 404', async () => {
    expect((await owner.call.get(`${hooks()}/${String(NOTHING)}`)).status).toBe(404);
  });
});
