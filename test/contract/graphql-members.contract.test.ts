import { beforeAll, expect, it } from '@jest/globals';
import type { Caller } from './helpers/http.ts';
import { at, rows, textAt } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER, REPORTER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NO_ACCESS =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";
const NODE = 'id accessLevel{integerValue stringValue} createdAt expiresAt createdBy{id} user{id username state}';

const world = openWorld();
let owner: Person;
let dev: Person;
let both: Person;
let below: Person;
let shared: Person;
let blocked: Person;
let guest: Person;
let top: Source;
let group: Source;
let sub: Source;
let invited: Source;
let project: Source;

/**
 * top (owner: Owner, both: Developer) > group (dev: Developer, both: Guest, blocked: Guest)
 * > sub (below: Reporter); group holds project (dev: Maintainer) and is shared with invited (shared: Maintainer) as Developer.
 */
beforeAll(async () => {
  [owner, dev, both, below, shared, blocked, guest] = [
    await world.person('owner'),
    await world.person('dev'),
    await world.person('both'),
    await world.person('below'),
    await world.person('shared'),
    await world.person('blocked'),
    await world.person('guest'),
  ];
  top = await world.group('top', { parent: world.root });
  group = await world.group('group', { parent: top });
  sub = await world.group('sub', { parent: group });
  invited = await world.group('invited', { parent: world.root });
  project = await world.project('project', group);
  await world.member(top, owner, OWNER);
  await world.member(group, dev, DEVELOPER, world.day(9));
  await world.member(group, both, GUEST);
  await world.member(top, both, DEVELOPER);
  await world.member(group, blocked, GUEST);
  await world.member(sub, below, REPORTER);
  await world.member(invited, shared, MAINTAINER);
  await world.member(invited, owner, GUEST);
  await world.member(project, dev, MAINTAINER);
  await world.member(project, guest, GUEST);
  await must(201, world.admin.post(`${group.path}/share`, { group_id: invited.id, group_access: DEVELOPER }));
  await must(201, world.admin.post(`/users/${String(blocked.id)}/block`));
  await world.canRead(project, owner, guest);
});

const gid = (person: Person) => `gid://gitlab/User/${String(person.id)}`;
const nodesOf = async (call: Caller, source: Source, args: string, node = NODE) => {
  const [root, list] = source.kind === 'Group' ? ['group', 'groupMembers'] : ['project', 'projectMembers'];
  const answer = await call.graphql(`{${root}(fullPath:"${source.fullPath}"){${list}${args}{nodes{${node}}}}}`);
  return rows(at(answer.json, 'data', root, list, 'nodes'));
};
/** Usernames and levels of the people of this file, in the order given. */
const seats = async (source: Source, args: string, call = owner.call) => {
  const people = new Map(
    [owner, dev, both, below, shared, blocked, guest].map((person) => [gid(person), person.username]),
  );
  return (await nodesOf(call, source, args)).flatMap((row) => {
    const name = people.get(textAt(row['user'], 'id'));
    return name === undefined ? [] : [[name, at(row, 'accessLevel', 'integerValue')] as const];
  });
};
const seat = (person: Person, level: number) => [person.username, level] as const;

contract('graphql: members of groups', () => {
  it("DIRECT rows are the group's own, newest first, the blocked included", async () => {
    expect(await seats(group, '(relations:[DIRECT])')).toEqual([
      seat(blocked, GUEST),
      seat(both, GUEST),
      seat(dev, DEVELOPER),
    ]);
  });

  it('a row carries level, expiry as a date, giver and user', async () => {
    const [row] = await nodesOf(
      owner.call,
      group,
      `(relations:[DIRECT],ids:["${gid(dev)}"])`,
      `${NODE} group{fullPath}`.replace('id accessLevel', '__typename id accessLevel'),
    );
    expect(row).toMatchObject({
      __typename: 'GroupMember',
      accessLevel: { integerValue: DEVELOPER, stringValue: 'DEVELOPER' },
      expiresAt: world.day(9),
      user: { id: gid(dev), username: dev.username, state: 'active' },
    });
    expect(textAt(row, 'id')).toMatch(/^gid:\/\/gitlab\/GroupMember\/\d+$/);
    expect(at(row, 'group', 'fullPath')).toBe(group.fullPath);
    expect(Number.isNaN(Date.parse(textAt(row, 'createdAt')))).toBe(false);
  });

  it('ids are those of users, whatever the relations', async () => {
    expect(await seats(group, `(relations:[DIRECT],ids:["${gid(dev)}","${gid(owner)}"])`)).toEqual([
      seat(dev, DEVELOPER),
    ]);
    expect(await seats(group, `(relations:[INHERITED],ids:["${gid(owner)}"])`)).toEqual([seat(owner, OWNER)]);
  });

  it('INHERITED rows are those of the groups above', async () => {
    const found = await seats(group, '(relations:[INHERITED])');
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining([seat(owner, OWNER), seat(both, DEVELOPER)]));
  });

  it('DIRECT and INHERITED are the default, one row a user: the highest hides the direct one', async () => {
    const found = await seats(group, '');
    expect(found).toEqual(
      expect.arrayContaining([seat(owner, OWNER), seat(dev, DEVELOPER), seat(both, DEVELOPER), seat(blocked, GUEST)]),
    );
    expect(found).toHaveLength(4);
  });

  it('DESCENDANTS are the rows of the subgroups', async () => {
    expect(await seats(group, '(relations:[DESCENDANTS])')).toEqual([seat(below, REPORTER)]);
  });

  it('SHARED_FROM_GROUPS are the members of invited groups', async () => {
    const found = await seats(group, '(relations:[SHARED_FROM_GROUPS])');
    expect(found).toEqual(expect.arrayContaining([seat(shared, DEVELOPER)]));
  });

  it('accessLevels filters, and leaves out the blocked', async () => {
    expect(await seats(group, '(relations:[DIRECT],accessLevels:[GUEST])')).toEqual([seat(both, GUEST)]);
  });

  it('search finds by username', async () => {
    expect(await seats(group, `(relations:[DIRECT],search:"${dev.username}")`)).toEqual([seat(dev, DEVELOPER)]);
  });

  it('sort by level orders', async () => {
    const levels = (await seats(group, '(sort:ACCESS_LEVEL_DESC)')).map(([, level]) => Number(level));
    expect(levels).toEqual([...levels].sort((a, b) => b - a));
  });

  it('agrees with REST on who is direct', async () => {
    const rest = rows((await owner.call.get(`${group.path}/members`, { per_page: 100 })).json).map(
      (row) => row['username'],
    );
    const graphql = (await nodesOf(owner.call, group, '(relations:[DIRECT])')).map((row) =>
      at(row, 'user', 'username'),
    );
    expect(graphql).toEqual([...rest].reverse());
  });
});

contract('graphql: members of projects', () => {
  it("DIRECT rows are the project's own", async () => {
    expect(await seats(project, '(relations:[DIRECT])')).toEqual([seat(guest, GUEST), seat(dev, MAINTAINER)]);
    const [row] = await nodesOf(
      owner.call,
      project,
      '(relations:[DIRECT])',
      '...on ProjectMember{id project{fullPath}}',
    );
    expect(textAt(row, 'id')).toMatch(/^gid:\/\/gitlab\/ProjectMember\/\d+$/);
    expect(at(row, 'project', 'fullPath')).toBe(project.fullPath);
  });

  it("the default adds the groups above, the project's row going first", async () => {
    const found = await seats(project, '');
    expect(found).toEqual(
      expect.arrayContaining([seat(dev, MAINTAINER), seat(owner, OWNER), seat(both, DEVELOPER), seat(guest, GUEST)]),
    );
    expect(new Set(found.map(([name]) => name)).size).toBe(found.length);
  });

  it('people whose group is invited above come with SHARED_INTO_ANCESTORS', async () => {
    const found = await eventually(
      () => seats(project, '(relations:[DIRECT,INHERITED,SHARED_INTO_ANCESTORS])'),
      (rowsSeen) => rowsSeen.some(([name, level]) => name === shared.username && level === DEVELOPER),
    );
    expect(found).toEqual(expect.arrayContaining([seat(shared, DEVELOPER)]));
  });
});

contract('graphql: who may read members', () => {
  it('who reads a private group only through a project inside has null and the error of access', async () => {
    const answer = await guest.call.graphql(`{group(fullPath:"${group.fullPath}"){id groupMembers{nodes{id}}}}`);
    expect(answer.status).toBe(200);
    expect(at(answer.json, 'data', 'group', 'groupMembers')).toBeNull();
    expect(at(answer.json, 'errors', 0)).toMatchObject({ message: NO_ACCESS, path: ['group', 'groupMembers'] });
  });

  it("the caller's own level shows by its own id over all relations", async () => {
    const own = async (person: Person) =>
      seats(group, `(ids:["${gid(person)}"],relations:[DIRECT,INHERITED,SHARED_FROM_GROUPS],first:1)`, person.call);
    expect(await own(owner)).toEqual([seat(owner, OWNER)]);
    expect(await own(dev)).toEqual([seat(dev, DEVELOPER)]);
    expect(await own(both)).toEqual([seat(both, DEVELOPER)]);
  });

  it('groupMembersCount counts the direct rows', async () => {
    const answer = await owner.call.graphql(`{group(fullPath:"${group.fullPath}"){groupMembersCount}}`);
    const rest = rows((await owner.call.get(`${group.path}/members`, { per_page: 100 })).json).length;
    expect(at(answer.json, 'data', 'group', 'groupMembersCount')).toBe(rest);
  });
});
