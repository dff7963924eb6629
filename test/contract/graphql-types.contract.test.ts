import { beforeAll, expect, it } from '@jest/globals';
import { at, rows } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const world = openWorld();
let owner: Person;
let dev: Person;
let blocked: Person;
let stranger: Person;
let top: Source;
let group: Source;
let project: Source;

/** top (owner: Owner) > group (dev: Developer) > project (dev: Maintainer). */
beforeAll(async () => {
  [owner, dev, blocked, stranger] = [
    await world.person('owner'),
    await world.person('dev'),
    await world.person('blocked'),
    await world.person('stranger'),
  ];
  await must(201, world.admin.post(`/users/${String(blocked.id)}/block`));
  top = await world.group('top', { parent: world.root });
  group = await world.group('group', { parent: top });
  project = await world.project('project', group);
  await world.member(top, owner, OWNER);
  await world.member(group, dev, DEVELOPER, world.day(9));
  await world.member(project, dev, MAINTAINER);
  await world.canRead(project, dev);
  await world.canRead(project, owner);
});

const gid = (kind: string, id: number) => `gid://gitlab/${kind}/${String(id)}`;
const ask = async (person: Person, query: string) => at((await person.call.graphql(query)).json, 'data');
const list = (...texts: string[]) => JSON.stringify(texts);

contract('graphql: ids and types', () => {
  it('a user has a gid, lower-case state and a type', async () => {
    const data = await ask(dev, `{user(username:"${dev.username}"){id username name state type bot publicEmail}}`);
    expect(at(data, 'user')).toMatchObject({
      id: gid('User', dev.id),
      username: dev.username,
      name: dev.name,
      state: 'active',
      type: 'HUMAN',
      bot: false,
    });
  });

  it('a username is found whatever its letter case, and by gid', async () => {
    const data = await ask(
      dev,
      `{a:user(username:"${owner.username.toUpperCase()}"){id} b:user(id:"${gid('User', owner.id)}"){username}}`,
    );
    expect(data).toEqual({ a: { id: gid('User', owner.id) }, b: { username: owner.username } });
  });

  it('a group has gid, path, parent and root', async () => {
    const data = await ask(
      owner,
      `{group(fullPath:"${group.fullPath}"){id fullPath path name visibility parent{id fullPath} rootNamespace{id}}}`,
    );
    expect(at(data, 'group')).toMatchObject({
      id: gid('Group', group.id),
      fullPath: group.fullPath,
      path: group.fullPath.split('/').at(-1),
      name: group.name,
      visibility: 'private',
      parent: { id: gid('Group', top.id), fullPath: top.fullPath },
      rootNamespace: { id: gid('Group', world.root.id) },
    });
  });

  it('a group path is found whatever its letter case', async () => {
    expect(await ask(dev, `{group(fullPath:"${group.fullPath.toUpperCase()}"){id}}`)).toEqual({
      group: { id: gid('Group', group.id) },
    });
  });

  it("a project has gid, path, group and the caller's level in force", async () => {
    const seen = await eventually(
      () =>
        ask(
          dev,
          `{project(fullPath:"${project.fullPath}"){id fullPath name archived visibility group{id} maxAccessLevel{integerValue}}}`,
        ),
      (data) => at(data, 'project', 'maxAccessLevel', 'integerValue') === MAINTAINER,
    );
    expect(at(seen, 'project')).toEqual({
      id: gid('Project', project.id),
      fullPath: project.fullPath,
      name: project.name,
      archived: false,
      visibility: 'private',
      group: { id: gid('Group', group.id) },
      maxAccessLevel: { integerValue: MAINTAINER },
    });
  });

  it("a group's maxAccessLevel counts the direct row only", async () => {
    const query = (source: Source) =>
      `{group(fullPath:"${source.fullPath}"){maxAccessLevel{integerValue stringValue}}}`;
    expect(at(await ask(owner, query(top)), 'group', 'maxAccessLevel')).toEqual({
      integerValue: OWNER,
      stringValue: 'OWNER',
    });
    expect(at(await ask(owner, query(group)), 'group', 'maxAccessLevel', 'integerValue')).toBe(0);
  });
});

contract('graphql: lists by key', (section) => {
  it('groups(ids) gives those that one may see, and leaves the rest out', async () => {
    const hidden = await world.group('hidden', { parent: top });
    const ids = list(gid('Group', group.id), gid('Group', hidden.id), gid('Group', 999_999_999));
    const data = await ask(dev, `{groups(ids:${ids}){nodes{id fullPath}}}`);
    expect(at(data, 'groups', 'nodes')).toEqual([{ id: gid('Group', group.id), fullPath: group.fullPath }]);
  });

  it('projects come by ids and by paths', async () => {
    const data = await ask(
      dev,
      `{a:projects(ids:${list(gid('Project', project.id))}){nodes{id}} b:projects(fullPaths:${list(project.fullPath)}){nodes{id}}}`,
    );
    const nodes = [{ id: gid('Project', project.id) }];
    expect(data).toEqual({ a: { nodes }, b: { nodes } });
  });

  it('more than fifty paths are an error', async () => {
    const paths = list(...Array.from({ length: 51 }, (_, index) => `none/p${String(index)}`));
    const answer = await dev.call.graphql(`{projects(fullPaths:${paths}){nodes{id}}}`);
    expect(at(answer.json, 'errors')).toBeInstanceOf(Array);
  });

  it('users come by usernames whatever the letter case, and by ids', async () => {
    const data = await ask(
      dev,
      `{a:users(usernames:${list(owner.username.toUpperCase())}){nodes{id}} b:users(ids:${list(gid('User', owner.id))}){nodes{id}}}`,
    );
    const nodes = [{ id: gid('User', owner.id) }];
    expect(data).toEqual({ a: { nodes }, b: { nodes } });
  });

  it('lists of users hide the blocked from who is no administrator; a single look-up does not', async () => {
    const query = `{users(usernames:${list(blocked.username)}){nodes{id}} user(username:"${blocked.username}"){id state}}`;
    expect(await ask(dev, query)).toEqual({
      users: { nodes: [] },
      user: { id: gid('User', blocked.id), state: 'blocked' },
    });
    const all = at((await world.admin.graphql(query)).json, 'data', 'users', 'nodes');
    expect(all).toEqual([{ id: gid('User', blocked.id) }]);
  });

  it('descendantGroups are all below, or the children alone', async () => {
    const below = await world.group('below', { parent: group });
    const query = (deep: boolean) =>
      `{group(fullPath:"${top.fullPath}"){descendantGroups(includeParentDescendants:${String(deep)}){nodes{id}}}}`;
    const ids = async (deep: boolean) =>
      rows(at(await ask(owner, query(deep)), 'group', 'descendantGroups', 'nodes')).map((row) => row['id']);
    expect(await ids(true)).toEqual(expect.arrayContaining([gid('Group', group.id), gid('Group', below.id)]));
    const children = await ids(false);
    expect(children).toContain(gid('Group', group.id));
    expect(children).not.toContain(gid('Group', below.id));
  });

  it("a group's projects are its own, or all below", async () => {
    const query = (deep: boolean) =>
      `{group(fullPath:"${top.fullPath}"){projects(includeSubgroups:${String(deep)}){nodes{id}}}}`;
    expect(at(await ask(owner, query(false)), 'group', 'projects', 'nodes')).toEqual([]);
    expect(at(await ask(owner, query(true)), 'group', 'projects', 'nodes')).toEqual([
      { id: gid('Project', project.id) },
    ]);
  });

  it('connections of groups, projects and users count', async () => {
    if (!world.since(18, 1)) {
      section.doesNotApply('count of groups (GitLab 18.1 brought it)');
      return;
    }
    const data = await ask(
      dev,
      `{groups(ids:${list(gid('Group', group.id))}){count} projects(ids:${list(gid('Project', project.id))}){count} users(usernames:${list(dev.username)}){count}}`,
    );
    expect(data).toEqual({ groups: { count: 1 }, projects: { count: 1 }, users: { count: 1 } });
  });
});

contract('graphql: what of a user is shown to whom', () => {
  const memberships =
    'groupMemberships{nodes{accessLevel{integerValue} expiresAt group{id}}} projectMemberships{nodes{project{id}}}';

  it('memberships show what the reader may read: group and project of a colleague', async () => {
    const data = await ask(owner, `{user(username:"${dev.username}"){${memberships}}}`);
    expect(at(data, 'user')).toEqual({
      groupMemberships: {
        nodes: [
          { accessLevel: { integerValue: DEVELOPER }, expiresAt: world.day(9), group: { id: gid('Group', group.id) } },
        ],
      },
      projectMemberships: { nodes: [{ project: { id: gid('Project', project.id) } }] },
    });
  });

  it('and nothing of what the reader may not', async () => {
    const data = await ask(stranger, `{user(username:"${dev.username}"){${memberships}}}`);
    expect(at(data, 'user')).toEqual({ groupMemberships: { nodes: [] }, projectMemberships: { nodes: [] } });
  });

  it('e-mails and counts are for oneself and administrators', async () => {
    const query = `{user(username:"${dev.username}"){emails{nodes{email}} groupCount commitEmail}}`;
    expect(at(await ask(owner, query), 'user')).toEqual({ emails: { nodes: [] }, groupCount: null, commitEmail: null });
    for (const call of [dev.call, world.admin]) {
      const user = at((await call.graphql(query)).json, 'data', 'user');
      expect(at(user, 'emails', 'nodes')).toEqual([{ email: dev.email }]);
      expect(typeof at(user, 'groupCount')).toBe('number');
    }
  });
});
