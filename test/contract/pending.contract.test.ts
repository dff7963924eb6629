import { beforeAll, expect, it } from '@jest/globals';
import { isMissingRoute, refusal, said } from './helpers/answers.ts';
import { at, numberAt, rows } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import type { Section } from './helpers/section.ts';
import { DEVELOPER, MAINTAINER, must, openWorld } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOTHING = 999_999_999;

const world = openWorld();
let owner: Person;
let dev: Person;
let root: Source;
let sub: Source;
let missing = false;

/** root is a top-level group whose only Owner is owner; dev is Developer there and Maintainer of sub below. */
beforeAll(async () => {
  [owner, dev] = [await world.person('owner'), await world.person('dev')];
  root = await world.ownedGroup('owned', owner);
  sub = await world.group('sub', { parent: root });
  await world.member(root, dev, DEVELOPER);
  await world.member(sub, dev, MAINTAINER);
  missing = isMissingRoute(await owner.call.get(`${root.path}/pending_members`));
});

const setState = (person: Pick<Person, 'id'>, state: string, by = owner) =>
  by.call.put(`${root.path}/members/${String(person.id)}/state`, { state });
const stateOf = async (source: Source) =>
  at((await owner.call.get(`${source.path}/members/${String(dev.id)}`)).json, 'membership_state');

/** A test that counts only on the Enterprise code base. */
function where(section: Section): (name: string, test: () => Promise<void>) => void {
  let told = false;
  return (name, test) => {
    it(name, async () => {
      if (!missing) {
        await test();
        return;
      }
      if (!told) section.doesNotApply('pending members (no such route: Community Edition)');
      told = true;
    });
  };
}

contract('pending members', (section) => {
  const check = where(section);

  check('suspending takes the access in the whole tree, keeps the roles, and is undone', async () => {
    expect(said(await setState(dev, 'awaiting'))).toEqual({ status: 200, json: { success: true } });
    expect([await stateOf(root), await stateOf(sub)]).toEqual(['awaiting', 'awaiting']);
    expect((await dev.call.get(root.path, { with_projects: false })).status).toBe(404);
    expect(said(await setState(dev, 'active'))).toEqual({ status: 200, json: { success: true } });
    expect(said(await owner.call.get(`${sub.path}/members/${String(dev.id)}`))).toMatchObject({
      status: 200,
      json: { access_level: MAINTAINER, membership_state: 'active' },
    });
    expect((await dev.call.get(root.path, { with_projects: false })).status).toBe(200);
  });

  check('who waits is pending once, and is let in by the number of the row', async () => {
    await must(200, setState(dev, 'awaiting'));
    const pending = rows((await must(200, owner.call.get(`${root.path}/pending_members`))).json);
    const mine = pending.filter((row) => row['username'] === dev.username);
    expect(mine).toEqual([expect.objectContaining({ invited: false, name: dev.name })]);
    const row = numberAt(mine[0], 'id');
    expect(row).not.toBe(dev.id);
    expect((await owner.call.put(`${root.path}/members/${String(row)}/approve`)).status).toBe(204);
    expect([await stateOf(root), await stateOf(sub)]).toEqual(['active', 'active']);
  });

  check('all who wait are let in together; nobody waiting is 400', async () => {
    await must(200, setState(dev, 'awaiting'));
    expect((await owner.call.post(`${root.path}/members/approve_all`)).status).toBe(204);
    expect(await stateOf(root)).toBe('active');
    expect((await owner.call.post(`${root.path}/members/approve_all`)).status).toBe(400);
  });

  check('the last Owner, oneself and who is no member are refused', async () => {
    expect(said(await setState(owner, 'awaiting'))).toEqual(refusal(422, 'You cannot set yourself to awaiting'));
    const answer = await world.admin.put(`${root.path}/members/${String(owner.id)}/state`, { state: 'awaiting' });
    expect(said(answer)).toEqual(refusal(422, 'The last owner cannot be set to awaiting'));
    const stranger = await world.person('stranger');
    expect(said(await setState(stranger, 'awaiting'))).toEqual(refusal(422, 'No memberships found'));
    expect((await setState({ id: NOTHING }, 'awaiting')).status).toBe(404);
    expect((await setState(dev, 'asleep')).status).toBe(400);
  });

  check('a subgroup, and who has no right, get 400', async () => {
    expect((await owner.call.get(`${sub.path}/pending_members`)).status).toBe(400);
    expect((await dev.call.get(`${root.path}/pending_members`)).status).toBe(400);
    expect((await owner.call.put(`${root.path}/members/${String(NOTHING)}/approve`)).status).toBe(404);
  });

  section.notAsked('rows that wait from the start (user cap) and queued promotions: need settings and a licence');
});
