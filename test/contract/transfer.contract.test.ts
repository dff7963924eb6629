import { beforeAll, expect, it } from '@jest/globals';
import { refusal, said } from './helpers/answers.ts';
import { at, idsOf } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, must, openWorld } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOTHING = 999_999_999;

const world = openWorld();
let dev: Person;
let from: Source;
let to: Source;

/** Two groups of one tree; dev is Developer of the first. */
beforeAll(async () => {
  dev = await world.person('dev');
  from = await world.group('from', { parent: world.root });
  to = await world.group('to', { parent: world.root });
  await world.member(from, dev, DEVELOPER);
});

const name = (source: Source) => source.fullPath.split('/').at(-1) ?? '';
const users = async (project: Source) =>
  idsOf((await must(200, world.admin.get(`${project.path}/users`, { per_page: 100 }))).json);

contract('moves', (section) => {
  it('a moved group has a new path, and the old one is not followed', async () => {
    const group = await world.group('moved', { parent: from });
    const moved = await must(201, world.admin.post(`${group.path}/transfer`, { group_id: to.id }));
    expect(moved.json).toMatchObject({ id: group.id, parent_id: to.id, full_path: `${to.fullPath}/${name(group)}` });
    expect((await world.admin.get(`/groups/${encodeURIComponent(group.fullPath)}`)).status).toBe(404);
  });

  it('what was inherited ends with the move, on projects after a while', async () => {
    const group = await world.group('left', { parent: from });
    const project = await world.project('inside', group);
    await world.inForce(project, dev);
    await must(201, world.admin.post(`${group.path}/transfer`, { group_id: to.id }));
    expect(said(await world.admin.get(`${group.path}/members/all/${String(dev.id)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
    const seen = await eventually(
      () => users(project),
      (ids) => !ids.includes(dev.id),
    );
    expect(seen).not.toContain(dev.id);
  });

  it('a move below itself, to where it is, or without the right is refused', async () => {
    const group = await world.group('stays', { parent: from });
    const below = await world.group('below', { parent: group });
    expect((await world.admin.post(`${group.path}/transfer`, { group_id: below.id })).status).toBe(400);
    expect((await world.admin.post(`${group.path}/transfer`, { group_id: from.id })).status).toBe(400);
    expect((await dev.call.post(`${group.path}/transfer`, { group_id: to.id })).status).toBe(403);
  });

  it('a moved project has a new path, and the old one redirects', async () => {
    const project = await world.project('project', from);
    const moved = await must(200, world.admin.put(`${project.path}/transfer`, { namespace: to.id }));
    expect(at(moved.json, 'path_with_namespace')).toBe(`${to.fullPath}/${name(project)}`);
    expect((await world.admin.get(`/projects/${encodeURIComponent(project.fullPath)}`)).status).toBe(301);
  });

  it('a project moves to no namespace that is not there, and at nobody’s wish but an Owner’s', async () => {
    const project = await world.project('project', from);
    await world.canRead(project, dev);
    expect((await world.admin.put(`${project.path}/transfer`, { namespace: NOTHING })).status).toBe(404);
    expect((await dev.call.put(`${project.path}/transfer`, { namespace: to.id })).status).toBe(403);
  });

  it('a deleted group below a top-level one is marked with a date, and can be read still', async () => {
    const group = await world.group('marked', { parent: from });
    await must(202, world.admin.delete(group.path));
    const now = await world.admin.get(group.path, { with_projects: false });
    if (now.status === 404) {
      section.doesNotApply('marks of deletion (this instance deletes at once)');
      return;
    }
    expect(at(now.json, 'marked_for_deletion_on')).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  section.notAsked('the end of what is marked (needs a moved clock)');
});
