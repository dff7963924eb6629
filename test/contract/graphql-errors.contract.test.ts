import { beforeAll, expect, it } from '@jest/globals';
import type { Answer } from './helpers/http.ts';
import { at, record, rows } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NO_ACCESS =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";
const NOBODY = 999_999_999;
const world = openWorld();
let owner: Person;
let dev: Person;
let stranger: Person;
let group: Source;

beforeAll(async () => {
  [owner, dev, stranger] = [await world.person('owner'), await world.person('dev'), await world.person('stranger')];
  group = await world.group('group', { parent: world.root });
  await world.member(group, owner, OWNER);
  await world.member(group, dev, DEVELOPER);
});

const errors = (answer: Answer) => rows(at(answer.json, 'errors'));
const refusedWhole = (answer: Answer) => {
  expect(answer.status).toBe(200);
  expect(record(answer.json)).not.toHaveProperty('data');
  return errors(answer);
};
const update = (levels: string, userId: number) =>
  `mutation{groupMemberBulkUpdate(input:{groupId:"gid://gitlab/Group/${String(group.id)}",userIds:["gid://gitlab/User/${String(userId)}"],` +
  `accessLevel:${levels}}){errors groupMembers{accessLevel{integerValue}}}}`;

contract('graphql: documents refused', () => {
  it('a syntax error has a place', async () => {
    const [error] = refusedWhole(await dev.call.graphql('{currentUser{id}'));
    expect(typeof error?.['message']).toBe('string');
    expect(error?.['locations']).toBeInstanceOf(Array);
  });

  it('an empty text is an unexpected end without a place', async () => {
    const [error] = refusedWhole(await dev.call.graphql(''));
    expect(error).toMatchObject({ message: 'Unexpected end of document', locations: [] });
  });

  it('an unknown field names type and field, with its path in the text', async () => {
    const [error] = refusedWhole(await dev.call.graphql('query{currentUser{shoeSize}}'));
    expect(error).toMatchObject({
      path: ['query', 'currentUser', 'shoeSize'],
      extensions: { code: 'undefinedField', fieldName: 'shoeSize' },
    });
    expect(at(error, 'locations', 0, 'line')).toBe(1);
  });

  it.each([
    ['argumentNotAccepted', '{currentUser{id} user(shoeSize:7){id}}'],
    ['missingRequiredArguments', '{group{id}}'],
    ['argumentLiteralsIncompatible', '{group(fullPath:{a:1}){id}}'],
    ['selectionMismatch', '{currentUser}'],
    ['undefinedDirective', '{currentUser{id @shout}}'],
  ])('%s is told by its code', async (code, query) => {
    const codes = refusedWhole(await dev.call.graphql(query)).map((error) => at(error, 'extensions', 'code'));
    expect(codes).toContain(code);
  });

  it('a bad variable echoes value and problem', async () => {
    const [error] = refusedWhole(await dev.call.graphql('query($id:UserID){user(id:$id){id}}', { id: '7' }));
    expect(error).toMatchObject({ extensions: { value: '7' } });
    expect(error?.['message']).toEqual(
      expect.stringMatching(/^Variable \$id of type UserID was provided invalid value/),
    );
    expect(at(error, 'extensions', 'problems')).toBeInstanceOf(Array);
  });

  it('a global id of another class is refused for a typed argument', async () => {
    refusedWhole(
      await dev.call.graphql('query($id:UserID){user(id:$id){id}}', { id: `gid://gitlab/Group/${String(group.id)}` }),
    );
  });

  it('a branch that repeats one field three times is refused as recursive', async () => {
    const path = JSON.stringify(group.fullPath);
    expect((await dev.call.graphql(`{group(fullPath:${path}){parent{parent{id}}}}`)).json).not.toHaveProperty('errors');
    const [error] = refusedWhole(await dev.call.graphql(`{group(fullPath:${path}){parent{parent{parent{id}}}}}`));
    expect(error?.['message']).toEqual(expect.stringContaining('Recursive query'));
  });

  it('a document deeper than 20 is refused', async () => {
    const path =
      'group projects nodes group projects nodes rootGroup parent parent groupMembers nodes user groupMemberships nodes user' +
      ' groupMemberships nodes createdBy projectMemberships nodes';
    const steps = path.split(' ').map((name, index) => {
      if (index === 0) return `${name}(fullPath:${JSON.stringify(group.fullPath)})`;
      return /s$/.test(name) && name !== 'nodes' ? `${name}(first:1)` : name;
    });
    const nest = (names: readonly string[]) => names.reduceRight((inner, name) => `{${name}${inner}}`, '{id}');
    const messages = refusedWhole(await dev.call.graphql(nest(steps))).map((error) => error['message']);
    expect(messages).toEqual(['Query has depth of 21, which exceeds max depth of 20']);
    const shallower = await dev.call.graphql(nest(steps.slice(0, -2)));
    expect(shallower.json).toHaveProperty('data');
  });

  it('first with last is an error', async () => {
    const answer = await dev.call.graphql('{groups(first:1,last:1){nodes{id}}}');
    expect(errors(answer).length).toBeGreaterThan(0);
  });
});

contract('graphql: fields refused', () => {
  it('what is missing or hidden is null without an error', async () => {
    const query =
      `{missing:group(fullPath:"${world.unique('no')}"){id} hidden:group(fullPath:"${group.fullPath}"){id}` +
      ` user(username:"${world.unique('no')}"){id} project(fullPath:"${world.unique('no')}/x"){id}}`;
    const answer = await stranger.call.graphql(query);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.json).toEqual({ data: { missing: null, hidden: null, user: null, project: null } });
  });

  it('a malformed id in a list is an error on its field alone', async () => {
    const answer = await dev.call.graphql('{users(ids:["7"]){nodes{id}} currentUser{username}}');
    expect(answer.status).toBe(200);
    expect(at(answer.json, 'data', 'users')).toBeNull();
    expect(at(answer.json, 'data', 'currentUser', 'username')).toBe(dev.username);
    expect(errors(answer)[0]).toMatchObject({ path: ['users'] });
    expect(errors(answer)[0]?.['message']).toEqual(expect.stringContaining('is not a valid'));
  });

  it('ids and usernames together are an error on the field', async () => {
    const answer = await dev.call.graphql(
      `{users(ids:["gid://gitlab/User/${String(dev.id)}"],usernames:["${dev.username}"]){nodes{id}}}`,
    );
    expect(answer.status).toBe(200);
    expect(errors(answer).length).toBe(1);
  });

  it('the anonymous are told of users that they lack the right, at the path of the answer', async () => {
    const answer = await world.anonymous.graphql('{who:users{nodes{id}}}');
    expect(answer.status).toBe(200);
    expect(at(answer.json, 'data', 'who')).toBeNull();
    expect(errors(answer)[0]).toMatchObject({ message: NO_ACCESS, path: ['who'] });
  });

  it('garbage for a cursor is an error', async () => {
    const answer = await dev.call.graphql('{groups(first:1,after:"garbage"){nodes{id}}}');
    expect(answer.status).toBe(200);
    expect(errors(answer)[0]?.['message']).toBe('Please provide a valid cursor');
  });
});

contract('graphql: mutations refused', () => {
  it('without the right the field is null with the error of access', async () => {
    const answer = await dev.call.graphql(update('GUEST', owner.id));
    expect(answer.status).toBe(200);
    expect(at(answer.json, 'data', 'groupMemberBulkUpdate')).toBeNull();
    expect(errors(answer)[0]).toMatchObject({ message: NO_ACCESS, path: ['groupMemberBulkUpdate'] });
  });

  it('a read_api token cannot change: the same error', async () => {
    const reader = world.with(await world.token(owner.id, ['read_api']));
    const answer = await reader.graphql(update('MAINTAINER', dev.id));
    expect(answer.status).toBe(200);
    expect(errors(answer)[0]).toMatchObject({ message: NO_ACCESS });
  });

  it('a change of members comes through and is there to read', async () => {
    const answer = await owner.call.graphql(update('MAINTAINER', dev.id));
    expect(answer.json).toEqual({
      data: { groupMemberBulkUpdate: { errors: [], groupMembers: [{ accessLevel: { integerValue: 40 } }] } },
    });
    expect(at((await owner.call.get(`${group.path}/members/${String(dev.id)}`)).json, 'access_level')).toBe(40);
  });

  it("a failed validation is in the payload's errors, not among the errors of the answer", async () => {
    const past =
      `mutation{groupMemberBulkUpdate(input:{groupId:"gid://gitlab/Group/${String(group.id)}",` +
      `userIds:["gid://gitlab/User/${String(dev.id)}"],accessLevel:DEVELOPER,expiresAt:"${world.day(-2)}"}){errors}}`;
    const answer = await owner.call.graphql(past);
    expect(answer.json).toEqual({
      data: { groupMemberBulkUpdate: { errors: ['Expires at cannot be a date in the past'] } },
    });
  });

  it('who is no direct member fails the whole request with 500', async () => {
    const answer = await owner.call.graphql(update('GUEST', stranger.id));
    expect(answer.status).toBe(500);
    expect(answer.json).toEqual({ errors: [{ message: 'Internal server error' }] });
  });

  it('a gid of nobody is not found', async () => {
    const answer = await owner.call.graphql(`{user(id:"gid://gitlab/User/${String(NOBODY)}"){id}}`);
    expect(answer.json).toEqual({ data: { user: null } });
  });
});
