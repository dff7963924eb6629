import { beforeAll, expect, it } from '@jest/globals';
import { refusal, said } from './helpers/answers.ts';
import { idsOf, record, rows } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const world = openWorld();
let dev: Person;
let guest: Person;
let stranger: Person;
let group: Source;
let project: Source;

/** dev is Developer of the group, guest is Guest of its project alone. */
beforeAll(async () => {
  [dev, guest, stranger] = [await world.person('dev'), await world.person('guest'), await world.person('stranger')];
  group = await world.group('team', { parent: world.root });
  project = await world.project('app', group);
  await world.member(group, dev, DEVELOPER);
  await world.member(project, guest, GUEST);
  await world.inForce(project, dev, guest);
});

const encoded = (fullPath: string) => `/projects/${encodeURIComponent(fullPath)}`;
const effective = async (source: Source, person: Person) =>
  idsOf((await world.admin.get(`${source.path}/users`, { search: person.username })).json);

contract('projects: one', () => {
  it('a project is found by id and by its encoded path, whatever the letter case', async () => {
    for (const path of [project.path, encoded(project.fullPath), encoded(project.fullPath.toUpperCase())]) {
      expect(said(await dev.call.get(path))).toMatchObject({ status: 200, json: { id: project.id } });
    }
  });

  it("it tells path, namespace, visibility and the caller's permissions", async () => {
    expect(said(await dev.call.get(project.path))).toMatchObject({
      status: 200,
      json: {
        id: project.id,
        path_with_namespace: project.fullPath,
        visibility: 'private',
        archived: false,
        namespace: { id: group.id, kind: 'group', full_path: group.fullPath },
        permissions: { project_access: null, group_access: { access_level: DEVELOPER } },
        shared_with_groups: [],
      },
    });
    expect(said(await guest.call.get(project.path))).toMatchObject({
      status: 200,
      json: { permissions: { project_access: { access_level: GUEST }, group_access: null } },
    });
  });

  it('a private project is missing to who has no part in it', async () => {
    expect(said(await stranger.call.get(project.path))).toEqual(refusal(404, '404 Project Not Found'));
  });

  it('a project path without a slash finds nothing', async () => {
    expect(said(await dev.call.get(encoded(world.unique('loose'))))).toEqual(refusal(404, '404 Project Not Found'));
  });
});

contract('projects: lists', () => {
  it('membership=true lists what the caller is a member of, by group or project', async () => {
    for (const person of [dev, guest]) {
      expect(idsOf((await person.call.get('/projects', { membership: true })).json)).toEqual([project.id]);
    }
    expect(said(await stranger.call.get('/projects', { membership: true }))).toEqual({ status: 200, json: [] });
  });

  it('min_access_level filters by the effective level', async () => {
    expect(idsOf((await dev.call.get('/projects', { min_access_level: DEVELOPER })).json)).toEqual([project.id]);
    expect(said(await guest.call.get('/projects', { min_access_level: DEVELOPER }))).toEqual({ status: 200, json: [] });
  });

  it('simple=true gives the short shape', async () => {
    const [row] = rows((await dev.call.get('/projects', { membership: true, simple: true })).json);
    expect(row).toMatchObject({
      id: project.id,
      path_with_namespace: project.fullPath,
      namespace: { id: group.id, kind: 'group' },
    });
    expect(row).not.toHaveProperty('permissions');
  });

  it('search finds by path or name', async () => {
    expect(idsOf((await world.admin.get('/projects', { search: project.name })).json)).toEqual([project.id]);
  });

  it('id_after and id_before bound the ids, order_by=id sorts', async () => {
    const after = await world.admin.get('/projects', {
      id_after: project.id - 1,
      id_before: project.id + 1,
      order_by: 'id',
      sort: 'asc',
    });
    expect(idsOf(after.json)).toEqual([project.id]);
  });
});

contract('projects: who is in force', (section) => {
  it('GET /projects/:id/users lists everybody with effective access, by user id, without level', async () => {
    const answer = await guest.call.get(`${project.path}/users`);
    expect(answer.status).toBe(200);
    const ids = idsOf(answer.json);
    expect(ids).toEqual(expect.arrayContaining([dev.id, guest.id]));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(record(rows(answer.json)[0])).not.toHaveProperty('access_level');
  });

  it('search narrows it to one user', async () => {
    expect(await effective(project, dev)).toEqual([dev.id]);
    expect(await effective(project, stranger)).toEqual([]);
  });

  it('a grant on the group reaches its projects, and so does its end', async () => {
    const eve = await world.person('eve');
    await world.member(group, eve, MAINTAINER);
    await world.inForce(project, eve);
    expect(await effective(project, eve)).toEqual([eve.id]);
    await must(204, world.admin.delete(`${group.path}/members/${String(eve.id)}`));
    expect(
      await eventually(
        () => effective(project, eve),
        (ids) => ids.length === 0,
      ),
    ).toEqual([]);
    expect(said(await eve.call.get(project.path))).toEqual(refusal(404, '404 Project Not Found'));
  });

  section.notAsked('how long the recalculation of project access takes: only that it comes within two minutes');
});

contract('projects: moving and deleting', () => {
  it('an old path redirects reading and refuses writing', async () => {
    const moved = await world.project('before', group);
    await must(200, world.admin.put(moved.path, { path: world.unique('after') }));
    const read = await world.admin.get(`${encoded(moved.fullPath)}/members`, { per_page: 7 });
    expect(read.status).toBe(301);
    const location = new URL(read.headers.get('location') ?? '');
    expect(location.pathname.endsWith(`/api/v4${moved.path}/members`)).toBe(true);
    expect(location.searchParams.get('per_page')).toBe('7');
    expect(read.text).toContain('This resource has been moved permanently to');
    const written = await world.admin.post(`${encoded(moved.fullPath)}/members`, {
      user_id: stranger.id,
      access_level: GUEST,
    });
    expect(said(written)).toEqual(refusal(405, 'Non GET methods are not allowed for moved projects'));
  });

  it('an old path is 404 to who may not see the project', async () => {
    const moved = await world.project('before', group);
    await must(200, world.admin.put(moved.path, { path: world.unique('after') }));
    expect(said(await stranger.call.get(encoded(moved.fullPath)))).toEqual(refusal(404, '404 Project Not Found'));
  });

  it('a change of a member by an old path is carried out all the same', async () => {
    const moved = await world.project('before', group);
    await world.member(moved, stranger, GUEST);
    await must(200, world.admin.put(moved.path, { path: world.unique('after') }));
    const changed = await world.admin.put(`${encoded(moved.fullPath)}/members/${String(stranger.id)}`, {
      access_level: DEVELOPER,
    });
    expect(said(changed)).toMatchObject({ status: 200, json: { access_level: DEVELOPER } });
    await must(204, world.admin.delete(`${moved.path}/members/${String(stranger.id)}`));
  });

  it('deletion of a project or group is accepted, not done', async () => {
    const doomed = await world.project('doomed', group);
    expect(said(await world.admin.delete(doomed.path))).toEqual(refusal(202, '202 Accepted'));
    const group2 = await world.group('doomed', { parent: world.root });
    expect(said(await world.admin.delete(group2.path))).toEqual(refusal(202, '202 Accepted'));
  });
});
