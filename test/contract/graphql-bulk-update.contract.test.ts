import { beforeAll, expect, it } from '@jest/globals';
import type { Caller } from './helpers/http.ts';
import { at } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER, REPORTER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const REFUSED = { status: 500, json: { errors: [{ message: 'Internal server error' }] } };
const world = openWorld();
let owner: Person;
let one: Person;
let two: Person;
let root: Source;
let project: Source;

/** root is a top-level group (owner: its only Owner, one and two: Guests until a date) > project (one: Guest). */
beforeAll(async () => {
  [owner, one, two] = [await world.person('owner'), await world.person('one'), await world.person('two')];
  root = await world.ownedGroup('owned', owner);
  project = await world.project('project', root, { by: owner.call });
  await world.member(project, one, GUEST);
  for (const person of [one, two]) await world.member(root, person, GUEST, world.day(9));
  await world.canRead(project, owner, one);
});

const gid = (person: Pick<Person, 'id'>) => `gid://gitlab/User/${String(person.id)}`;
const userIds = (people: readonly Pick<Person, 'id'>[]) => JSON.stringify(people.map(gid));
const update = async (people: readonly Pick<Person, 'id'>[], level: string, extra = '', call: Caller = owner.call) => {
  const input = `groupId:"gid://gitlab/Group/${String(root.id)}",userIds:${userIds(people)},accessLevel:${level}${extra}`;
  const answer = await call.graphql(`mutation{groupMemberBulkUpdate(input:{${input}}){errors groupMembers{user{id}}}}`);
  return {
    status: answer.status,
    json: answer.json,
    errors: at(answer.json, 'data', 'groupMemberBulkUpdate', 'errors'),
  };
};
const row = async (source: Source, person: Person) =>
  (await must(200, owner.call.get(`${source.path}/members/${String(person.id)}`))).json;

contract('graphql: bulk update of members', () => {
  it('changes several direct members, and leaves an expiry not sent as it was', async () => {
    expect((await update([one, two], 'REPORTER')).errors).toEqual([]);
    for (const person of [one, two]) {
      expect(await row(root, person)).toMatchObject({ access_level: REPORTER, expires_at: world.day(9) });
    }
  });

  it('cuts a time to its date, and clears by null', async () => {
    expect((await update([one], 'REPORTER', `,expiresAt:"${world.day(12)}T22:30:00Z"`)).errors).toEqual([]);
    expect(await row(root, one)).toMatchObject({ expires_at: world.day(12) });
    expect((await update([one], 'REPORTER', ',expiresAt:null')).errors).toEqual([]);
    expect(await row(root, one)).toMatchObject({ expires_at: null });
  });

  it('is all or nothing: one refused member undoes the others', async () => {
    const { status, errors } = await update([two, owner], 'DEVELOPER');
    expect(status).toBe(200);
    expect(errors).toEqual(['Unable to update members, please check user permissions.']);
    expect(await row(root, two)).toMatchObject({ access_level: REPORTER });
    expect(await row(root, owner)).toMatchObject({ access_level: OWNER });
  });

  it('a stranger, a duplicate or more than fifty fail the request with 500', async () => {
    const stranger = await world.person('stranger');
    for (const people of [
      [one, stranger],
      [one, one],
      Array.from({ length: 51 }, (_, index) => ({ id: one.id + index })),
    ]) {
      const { status, json } = await update(people, 'GUEST');
      expect({ status, json }).toEqual(REFUSED);
    }
    expect(await row(root, one)).toMatchObject({ access_level: REPORTER });
  });

  it('does the same for projects', async () => {
    const input = `projectId:"gid://gitlab/Project/${String(project.id)}",userIds:${userIds([one])},accessLevel:MAINTAINER`;
    const answer = await owner.call.graphql(
      `mutation{projectMemberBulkUpdate(input:{${input}}){errors projectMembers{accessLevel{integerValue}}}}`,
    );
    expect(answer.json).toEqual({
      data: {
        projectMemberBulkUpdate: { errors: [], projectMembers: [{ accessLevel: { integerValue: MAINTAINER } }] },
      },
    });
    expect(await row(project, one)).toMatchObject({ access_level: MAINTAINER });
  });

  it('who may not change members is refused at the field, and nothing changes', async () => {
    const { json } = await update([two], 'MAINTAINER', '', one.call);
    expect(at(json, 'data', 'groupMemberBulkUpdate')).toBeNull();
    expect(at(json, 'errors', 0, 'path')).toEqual(['groupMemberBulkUpdate']);
    expect(at(await row(root, two), 'access_level')).not.toBe(DEVELOPER);
  });
});
