import { beforeAll, expect, it } from '@jest/globals';
import { refusal, said } from './helpers/answers.ts';
import { textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, openWorld, OWNER, REPORTER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOBODY = 999_999_999;
const world = openWorld();
let owner: Person;
let guest: Person;
let heir: Person;
let group: Source;

/** top (owner: Owner, guest: Guest, heir: Developer) > group. */
beforeAll(async () => {
  [owner, guest, heir] = [await world.person('owner'), await world.person('guest'), await world.person('heir')];
  const top = await world.group('top', { parent: world.root });
  group = await world.group('group', { parent: top });
  await world.member(top, owner, OWNER);
  await world.member(top, guest, GUEST);
  await world.member(top, heir, DEVELOPER);
});

const add = (source: Source, body: Record<string, unknown>, by = owner) => by.call.post(`${source.path}/members`, body);
const direct = async (source: Source, person: Pick<Person, 'id'>) =>
  said(await world.admin.get(`${source.path}/members/${String(person.id)}`));

contract('members: add several', () => {
  it('a comma list is 201 success, and changes who was a member: level and expiry', async () => {
    const [one, two] = [await world.person('one'), await world.person('two')];
    await world.member(group, one, GUEST, world.day(9));
    const answer = await add(group, { user_id: `${String(one.id)},${String(two.id)}`, access_level: REPORTER });
    expect(said(answer)).toEqual({ status: 201, json: { status: 'success' } });
    expect(await direct(group, one)).toMatchObject({ status: 200, json: { access_level: REPORTER, expires_at: null } });
    expect(await direct(group, two)).toMatchObject({ status: 200, json: { access_level: REPORTER } });
  });

  it('one refusal is 201 with status error, and the others are saved', async () => {
    const eve = await world.person('eve');
    const answer = await add(group, { user_id: `${String(heir.id)},${String(eve.id)}`, access_level: GUEST });
    expect(said(answer)).toMatchObject({ status: 201, json: { status: 'error' } });
    expect(textAt(answer.json, 'message').toLowerCase()).toContain('should be greater than or equal to developer');
    expect(await direct(group, eve)).toMatchObject({ status: 200, json: { access_level: GUEST } });
    expect(await direct(group, heir)).toEqual(refusal(404, '404 Not found'));
  });

  it('unknown ids are dropped without a word', async () => {
    const answer = await add(group, { user_id: `${String(NOBODY)},${String(NOBODY + 1)}`, access_level: GUEST });
    expect(said(answer)).toEqual({ status: 201, json: { status: 'success' } });
  });

  it('unknown usernames alone are an error inside a 201', async () => {
    const answer = await add(group, { username: `${world.unique('no')},${world.unique('no')}`, access_level: GUEST });
    expect(said(answer)).toMatchObject({
      status: 201,
      json: { status: 'error', message: 'No users specified.', reason: 'blank_invites_error' },
    });
  });

  it('more than a hundred are an error inside a 201', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => NOBODY + index).join(',');
    const answer = await add(group, { user_id: ids, access_level: GUEST });
    expect(said(answer)).toMatchObject({
      status: 201,
      json: { status: 'error', message: 'Too many users specified (limit is 100)', reason: 'too_many_invites_error' },
    });
  });

  it('lacking the right shows in the body of a 201 only', async () => {
    const eve = await world.person('eve');
    const answer = await add(group, { user_id: `${String(eve.id)},${String(NOBODY)}`, access_level: GUEST }, guest);
    expect(said(answer)).toMatchObject({ status: 201, json: { status: 'error', http_status: 'unauthorized' } });
    expect(await direct(group, eve)).toEqual(refusal(404, '404 Not found'));
  });
});
