import { beforeAll, expect, it } from '@jest/globals';
import { fault, refusal, said } from './helpers/answers.ts';
import { at, idsOf } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER, REPORTER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOWHERE = 999_999_999;
const world = openWorld();
let owner: Person;
let senior: Person;
let junior: Person;
let above: Person;
let shared: Source;
let parent: Source;
let invited: Source;
let project: Source;

/** invited (senior: Maintainer, junior: Guest) below parent (above: Developer); shared (owner: Owner) holds project. */
beforeAll(async () => {
  [owner, senior, junior, above] = [
    await world.person('owner'),
    await world.person('senior'),
    await world.person('junior'),
    await world.person('above'),
  ];
  parent = await world.group('parent', { parent: world.root });
  invited = await world.group('invited', { parent });
  shared = await world.group('shared', { parent: world.root });
  project = await world.project('project', shared);
  await world.member(shared, owner, OWNER);
  await world.member(parent, above, DEVELOPER);
  await world.member(invited, senior, MAINTAINER);
  await world.member(invited, junior, GUEST);
});

const effectiveLevel = async (source: Source, person: Person) =>
  at((await world.admin.get(`${source.path}/members/all/${String(person.id)}`)).json, 'access_level');

contract('sharing a group with a group', (section) => {
  it('a share answers 201 with the group and its links', async () => {
    const answer = await world.admin.post(`${shared.path}/share`, {
      group_id: invited.id,
      group_access: DEVELOPER,
      expires_at: world.day(9),
    });
    expect(said(answer)).toMatchObject({
      status: 201,
      json: {
        id: shared.id,
        shared_with_groups: [
          {
            group_id: invited.id,
            group_name: invited.name,
            group_full_path: invited.fullPath,
            group_access_level: DEVELOPER,
            expires_at: world.day(9),
          },
        ],
      },
    });
  });

  it("a member of the invited group has the lower of the own level and the link's", async () => {
    expect(await effectiveLevel(shared, senior)).toBe(DEVELOPER);
    expect(await effectiveLevel(shared, junior)).toBe(GUEST);
  });

  it('shared people are in members/all and not in members', async () => {
    const all = idsOf((await world.admin.get(`${shared.path}/members/all`, { per_page: 100 })).json);
    expect(all).toEqual(expect.arrayContaining([senior.id, junior.id]));
    const direct = idsOf((await world.admin.get(`${shared.path}/members`, { per_page: 100 })).json);
    expect(direct).not.toContain(senior.id);
    expect(said(await world.admin.get(`${shared.path}/members/${String(senior.id)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
  });

  it('a group link carries direct members of the invited group only', async () => {
    expect(said(await world.admin.get(`${shared.path}/members/all/${String(above.id)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
  });

  it('it reaches the projects of the group, after a while', async () => {
    const seen = await eventually(
      () => world.admin.get(`${project.path}/users`, { search: senior.username }),
      (answer) => answer.json !== undefined && idsOf(answer.json).length === 1,
    );
    expect(idsOf(seen.json)).toEqual([senior.id]);
    expect(
      await eventually(
        () => effectiveLevel(project, senior),
        (level) => level === DEVELOPER,
      ),
    ).toBe(DEVELOPER);
  });

  it('a direct row that is higher wins over the link', async () => {
    await world.member(shared, senior, MAINTAINER);
    expect(await effectiveLevel(shared, senior)).toBe(MAINTAINER);
    await must(204, world.admin.delete(`${shared.path}/members/${String(senior.id)}`));
    expect(await effectiveLevel(shared, senior)).toBe(DEVELOPER);
  });

  it('a second share of the same pair is 409', async () => {
    const answer = await world.admin.post(`${shared.path}/share`, { group_id: invited.id, group_access: GUEST });
    expect(said(answer)).toEqual(refusal(409, 'Shared group The group has already been shared with this group'));
  });

  it('a level outside the list is a parameter fault', async () => {
    const answer = await world.admin.post(`${shared.path}/share`, { group_id: invited.id, group_access: 7 });
    expect(said(answer)).toEqual(fault(400, 'group_access does not have a valid value'));
  });

  it('who cannot read the invited group cannot share with it: 404', async () => {
    const secret = await world.group('secret', { parent: world.root });
    const answer = await owner.call.post(`${shared.path}/share`, { group_id: secret.id, group_access: GUEST });
    expect(answer.status).toBe(404);
  });

  it('unsharing is 204, and takes the access away', async () => {
    expect((await owner.call.delete(`${shared.path}/share/${String(invited.id)}`)).status).toBe(204);
    expect(said(await world.admin.get(`${shared.path}/members/all/${String(senior.id)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
  });

  it('unsharing what is not shared is 404', async () => {
    const answer = await owner.call.delete(`${shared.path}/share/${String(invited.id)}`);
    expect(said(answer)).toEqual(refusal(404, '404 Group Link Not Found'));
  });

  it('unsharing without the right answers 204 and removes nothing', async () => {
    const target = await world.group('target', { parent: world.root });
    await world.member(target, junior, DEVELOPER);
    await must(201, world.admin.post(`${target.path}/share`, { group_id: invited.id, group_access: REPORTER }));
    expect((await junior.call.delete(`${target.path}/share/${String(invited.id)}`)).status).toBe(204);
    expect(await effectiveLevel(target, senior)).toBe(REPORTER);
  });

  it('who is no member sees neither a private invited group nor the people who come of it', async () => {
    const open = await world.group('open', { visibility: await world.openVisibility() });
    const stranger = await world.person('stranger');
    await must(201, world.admin.post(`${open.path}/share`, { group_id: invited.id, group_access: REPORTER }));
    const seen = await stranger.call.get(open.path, { with_projects: false });
    expect(said(seen)).toMatchObject({ status: 200, json: { shared_with_groups: [] } });
    const path = `${open.path}/members/all`;
    expect(idsOf((await stranger.call.get(path, { per_page: 100 })).json)).not.toContain(senior.id);
    expect(said(await stranger.call.get(`${path}/${String(senior.id)}`))).toEqual(refusal(404, '404 Not found'));
    expect(await effectiveLevel(open, senior)).toBe(REPORTER);
  });

  section.notAsked('links that end by date (need a moved clock)');
});

contract('sharing a project with a group', () => {
  it('a share answers 201 with the link', async () => {
    const answer = await world.admin.post(`${project.path}/share`, {
      group_id: invited.id,
      group_access: REPORTER,
      expires_at: world.day(9),
    });
    expect(said(answer)).toMatchObject({
      status: 201,
      json: { project_id: project.id, group_id: invited.id, group_access: REPORTER, expires_at: world.day(9) },
    });
    expect(said(await world.admin.get(project.path))).toMatchObject({
      status: 200,
      json: { shared_with_groups: [{ group_id: invited.id, group_access_level: REPORTER, expires_at: world.day(9) }] },
    });
  });

  it('it carries also those who reach the invited group by inheritance', async () => {
    for (const [person, level] of [
      [senior, REPORTER],
      [above, REPORTER],
      [junior, GUEST],
    ] as const) {
      expect(
        await eventually(
          () => effectiveLevel(project, person),
          (seen) => seen === level,
        ),
      ).toBe(level);
    }
  });

  it('a Developer of the project may not share it', async () => {
    const dev = await world.person('dev');
    await world.member(project, dev, DEVELOPER);
    await world.member(parent, dev, DEVELOPER);
    await world.canRead(project, dev);
    const answer = await dev.call.post(`${project.path}/share`, { group_id: parent.id, group_access: GUEST });
    expect(said(answer)).toEqual(refusal(403, '403 Forbidden'));
  });

  it('unsharing is 204 once and 404 after', async () => {
    const path = `${project.path}/share/${String(invited.id)}`;
    expect((await world.admin.delete(path)).status).toBe(204);
    expect((await world.admin.delete(path)).status).toBe(404);
    expect((await world.admin.delete(`${project.path}/share/${String(NOWHERE)}`)).status).toBe(404);
  });
});
