import { beforeAll, expect, it } from '@jest/globals';
import { fault, NO_ROUTE, refusal, said } from './helpers/answers.ts';
import { record } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, openWorld } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOWHERE = 999_999_999;
const world = openWorld();
let alice: Person;
let bob: Person;
let group: Source;

beforeAll(async () => {
  alice = await world.person('alice');
  bob = await world.person('bob');
  group = await world.group('errors', { parent: world.root });
  await world.member(group, alice, DEVELOPER);
});

contract('errors: body shapes', (section) => {
  it('a missing source is {message} with the kind of thing', async () => {
    expect(said(await alice.call.get(`/groups/${String(NOWHERE)}`))).toEqual(refusal(404, '404 Group Not Found'));
    expect(said(await alice.call.get(`/projects/${String(NOWHERE)}`))).toEqual(refusal(404, '404 Project Not Found'));
  });

  it('a missing row is {message} with a small f', async () => {
    const answer = await alice.call.get(`${group.path}/members/${String(bob.id)}`);
    expect(said(answer)).toEqual(refusal(404, '404 Not found'));
  });

  it('a missing route is {error}', async () => {
    expect(said(await alice.call.get('/groups/no/such/route'))).toEqual(NO_ROUTE);
  });

  it('a path with its slash unencoded is a missing route', async () => {
    expect(said(await alice.call.get(`/groups/${group.fullPath}`))).toEqual(NO_ROUTE);
  });

  it('a missing parameter is {error}', async () => {
    const answer = await world.admin.post(`${group.path}/members`, { user_id: bob.id });
    expect(said(answer)).toEqual(fault(400, 'access_level is missing'));
  });

  it('a parameter of the wrong type is {error}', async () => {
    const answer = await world.admin.post(`${group.path}/members`, { user_id: bob.id, access_level: 'high' });
    expect(said(answer)).toEqual(fault(400, 'access_level is invalid'));
  });

  it('a value outside the list is {error}', async () => {
    const answer = await alice.call.get('/groups', { sort: 'sideways' });
    expect(said(answer)).toEqual(fault(400, 'sort does not have a valid value'));
  });

  it('two faults are told together', async () => {
    const answer = await alice.call.get('/groups', { sort: 'sideways', order_by: 'luck' });
    expect(answer.status).toBe(400);
    const { error } = record(answer.json);
    expect(String(error).split(', ').sort()).toEqual([
      'order_by does not have a valid value',
      'sort does not have a valid value',
    ]);
  });

  it('parameters that exclude each other, or are all missing, are {error}', async () => {
    const both = await world.admin.post(`${group.path}/members`, {
      user_id: bob.id,
      username: bob.username,
      access_level: GUEST,
    });
    expect(said(both)).toEqual(fault(400, 'user_id, username are mutually exclusive'));
    const none = await world.admin.post(`${group.path}/members`, { access_level: GUEST });
    expect(said(none)).toEqual(fault(400, 'user_id, username are missing, at least one parameter must be provided'));
  });

  it('a failed validation is {message: {attribute: [texts]}}', async () => {
    const answer = await world.admin.post(`${group.path}/members`, { user_id: bob.id, access_level: 7 });
    expect(answer.status).toBe(400);
    expect(record(record(answer.json)['message'])).toMatchObject({
      access_level: expect.arrayContaining(['is not included in the list']),
    });
  });

  it('a refusal for lack of right is {message: 403 Forbidden}', async () => {
    const answer = await alice.call.post(`${group.path}/members`, { user_id: bob.id, access_level: GUEST });
    expect(said(answer)).toEqual(refusal(403, '403 Forbidden'));
  });

  it('success without content is 204 with an empty body', async () => {
    await world.member(group, bob, GUEST);
    const answer = await world.admin.delete(`${group.path}/members/${String(bob.id)}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
  });

  section.notAsked('5xx, HTML of a proxy, cut connections (need faults)');
  section.notAsked('seat limits and their {message, status, reason} (need a licence at its limit)');
});

contract('errors: order of checks', () => {
  it('credential, then parameters, then source, then right', async () => {
    const nowhere = `/groups/${String(NOWHERE)}/members`;
    expect((await world.anonymous.post(nowhere, {})).status).toBe(401);
    expect(said(await alice.call.post(nowhere, { user_id: bob.id }))).toEqual(fault(400, 'access_level is missing'));
    expect(said(await alice.call.post(nowhere, { user_id: bob.id, access_level: GUEST }))).toEqual(
      refusal(404, '404 Group Not Found'),
    );
    const unseen = await bob.call.post(`${group.path}/members`, { user_id: bob.id, access_level: GUEST });
    expect(said(unseen)).toEqual(refusal(404, '404 Group Not Found'));
    const seen = await alice.call.post(`${group.path}/members`, { user_id: bob.id, access_level: GUEST });
    expect(said(seen)).toEqual(refusal(403, '403 Forbidden'));
  });

  it('a private thing that one cannot see is 404, a visible one that one may not change 403', async () => {
    expect(said(await bob.call.get(group.path))).toEqual(refusal(404, '404 Group Not Found'));
    expect((await alice.call.get(group.path)).status).toBe(200);
    expect(said(await alice.call.put(group.path, { description: 'no' }))).toEqual(refusal(403, '403 Forbidden'));
  });
});
