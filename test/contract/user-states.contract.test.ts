import { beforeAll, expect, it } from '@jest/globals';
import { refusal, said } from './helpers/answers.ts';
import { numberAt, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { must, openWorld } from './helpers/world.ts';
import type { Person } from './helpers/world.ts';

const NOBODY = 999_999_999;
const CHANGES = ['block', 'unblock', 'deactivate', 'activate', 'ban', 'unban'] as const;
const TRUE = { status: 201, json: true };
const FALSE = { status: 201, json: false };
const NULL = { status: 201, json: null };

const world = openWorld();
let alice: Person;
let bob: Person;

const change = async (person: Person, to: (typeof CHANGES)[number]) =>
  said(await world.admin.post(`/users/${String(person.id)}/${to}`));
const stateOf = async (person: Person) => textAt((await world.admin.get(`/users/${String(person.id)}`)).json, 'state');

beforeAll(async () => {
  alice = await world.person('alice');
  bob = await world.person('bob');
});

contract('users: state changes', (section) => {
  it.each(CHANGES)('%s is refused to who is no administrator', async (to) => {
    expect(said(await alice.call.post(`/users/${String(bob.id)}/${to}`))).toEqual(refusal(403, '403 Forbidden'));
  });

  it.each(CHANGES)('%s of an unknown user is 404', async (to) => {
    expect(said(await world.admin.post(`/users/${String(NOBODY)}/${to}`))).toEqual(refusal(404, '404 User Not Found'));
  });

  it('block answers true, and null when the user is blocked already', async () => {
    const carol = await world.person('carol');
    expect(await change(carol, 'block')).toEqual(TRUE);
    expect(await stateOf(carol)).toBe('blocked');
    expect(await change(carol, 'block')).toEqual(NULL);
  });

  it('unblock answers true, and false when there was nothing to lift', async () => {
    const carol = await world.person('carol');
    await change(carol, 'block');
    expect(await change(carol, 'unblock')).toEqual(TRUE);
    expect(await stateOf(carol)).toBe('active');
    expect(await change(carol, 'unblock')).toEqual(FALSE);
  });

  it('nobody blocks the own account', async () => {
    const self = await must(200, world.admin.get('/user'));
    const answer = await world.admin.post(`/users/${String(numberAt(self.json, 'id'))}/block`);
    expect(said(answer)).toEqual(refusal(403, '403 Forbidden - The API initiating user cannot be blocked by the API'));
  });

  it('deactivate answers true, and null the second time; activate brings back', async () => {
    const carol = await world.person('carol');
    expect(await change(carol, 'deactivate')).toEqual(TRUE);
    expect(await stateOf(carol)).toBe('deactivated');
    expect(await change(carol, 'deactivate')).toEqual(NULL);
    expect(await change(carol, 'activate')).toEqual(TRUE);
    expect(await stateOf(carol)).toBe('active');
    expect(await change(carol, 'activate')).toEqual(TRUE);
  });

  it('who was active lately is not deactivated', async () => {
    const carol = await world.person('carol');
    await must(200, carol.call.graphql('{currentUser{id}}'));
    expect(await change(carol, 'deactivate')).toMatchObject({ status: 403 });
    expect(await stateOf(carol)).toBe('active');
  });

  it('the blocked are neither deactivated nor activated', async () => {
    const carol = await world.person('carol');
    await change(carol, 'block');
    expect(await change(carol, 'deactivate')).toMatchObject({ status: 403 });
    expect(await change(carol, 'activate')).toMatchObject({ status: 403 });
    expect(await stateOf(carol)).toBe('blocked');
  });

  it('unblock does not lift a deactivation', async () => {
    const carol = await world.person('carol');
    await change(carol, 'deactivate');
    expect(await change(carol, 'unblock')).toMatchObject({ status: 403 });
    expect(await stateOf(carol)).toBe('deactivated');
  });

  it('ban needs an active user, unban a banned one', async () => {
    const carol = await world.person('carol');
    expect(await change(carol, 'unban')).toMatchObject({ status: 403 });
    expect(await change(carol, 'ban')).toEqual(TRUE);
    expect(await stateOf(carol)).toBe('banned');
    expect(await change(carol, 'unban')).toEqual(TRUE);
    await change(carol, 'block');
    expect(await change(carol, 'ban')).toMatchObject({ status: 403 });
  });

  it('block leaves the banned banned and answers null; unblock lifts the ban', async () => {
    const carol = await world.person('carol');
    await change(carol, 'ban');
    expect(await change(carol, 'block')).toEqual(NULL);
    expect(await stateOf(carol)).toBe('banned');
    expect(await change(carol, 'unblock')).toEqual(TRUE);
    expect(await stateOf(carol)).toBe('active');
  });

  it('approve and reject are 409 for who is not waiting', async () => {
    const approve = await world.admin.post(`/users/${String(bob.id)}/approve`);
    expect(said(approve)).toEqual(refusal(409, 'The user you are trying to approve is not pending approval'));
    const reject = await world.admin.post(`/users/${String(bob.id)}/reject`);
    expect(said(reject)).toEqual(refusal(409, 'User does not have a pending request'));
  });

  section.notAsked('users locked by LDAP, SAML or SCIM (need an identity provider)');
  section.notAsked('users who wait for approval (need self-registration)');
});
