import { beforeAll, expect, it } from '@jest/globals';
import { fault, refusal, said } from './helpers/answers.ts';
import { at, idsOf, record, rows } from './helpers/json.ts';
import { eventually } from './helpers/poll.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const world = openWorld();
let owner: Person;
let dev: Person;
let stranger: Person;
let top: Source;
let middle: Source;
let bottom: Source;
let hidden: Source;
let own: Source;
let below: Source;

/** top (owner: Owner) > middle (dev: Developer, project own) > bottom (project below); hidden is another child of top. */
beforeAll(async () => {
  [owner, dev, stranger] = [await world.person('owner'), await world.person('dev'), await world.person('stranger')];
  top = await world.ownedGroup('top', owner, { parent: world.root });
  middle = await world.group('middle', { parent: top });
  bottom = await world.group('bottom', { parent: middle });
  hidden = await world.group('hidden', { parent: top });
  own = await world.project('own', middle);
  below = await world.project('below', bottom);
  await world.member(middle, dev, DEVELOPER);
  await world.canRead(own, owner, dev);
  await world.canRead(below, owner, dev);
});

const encoded = (source: Source) => `/groups/${encodeURIComponent(source.fullPath)}`;

contract('groups: one', () => {
  it('a group is found by id and by its encoded path, whatever the letter case', async () => {
    for (const path of [middle.path, encoded(middle), encoded(middle).toUpperCase().replace('/GROUPS/', '/groups/')]) {
      expect(said(await dev.call.get(path, { with_projects: false }))).toMatchObject({
        status: 200,
        json: { id: middle.id },
      });
    }
  });

  it('it tells path, parent, visibility and what is shared with it', async () => {
    const answer = await dev.call.get(middle.path, { with_projects: false });
    expect(said(answer)).toMatchObject({
      status: 200,
      json: {
        id: middle.id,
        full_path: middle.fullPath,
        parent_id: top.id,
        visibility: 'private',
        archived: false,
        shared_with_groups: [],
      },
    });
    expect(Object.keys(record(answer.json))).toEqual(
      expect.arrayContaining([
        'web_url',
        'name',
        'path',
        'description',
        'request_access_enabled',
        'full_name',
        'created_at',
        'share_with_group_lock',
        'project_creation_level',
        'subgroup_creation_level',
        'marked_for_deletion_on',
      ]),
    );
    expect(record(answer.json)).not.toHaveProperty('projects');
  });

  it('the runners token is shown to Owners only', async () => {
    expect(record((await dev.call.get(middle.path, { with_projects: false })).json)).not.toHaveProperty(
      'runners_token',
    );
  });

  it('digits are always an id, never a path', async () => {
    expect(said(await dev.call.get('/groups/999999999'))).toEqual(refusal(404, '404 Group Not Found'));
  });

  it('a private group is missing to who has no part in it', async () => {
    expect(said(await stranger.call.get(middle.path))).toEqual(refusal(404, '404 Group Not Found'));
    expect(said(await world.anonymous.get(middle.path))).toEqual(refusal(404, '404 Group Not Found'));
  });

  it('a group that was renamed is missing under its old path and found by id', async () => {
    const renamed = await world.group('before', { parent: world.root });
    await must(200, world.admin.put(renamed.path, { path: world.unique('after') }));
    expect(said(await world.admin.get(encoded(renamed), { with_projects: false }))).toEqual(
      refusal(404, '404 Group Not Found'),
    );
    expect((await world.admin.get(renamed.path, { with_projects: false })).status).toBe(200);
  });
});

contract('groups: lists', () => {
  it('a user lists the groups it belongs to by any path, with the group above', async () => {
    const found = idsOf((await dev.call.get('/groups', { search: world.suffix, per_page: 100 })).json);
    expect(found).toEqual(expect.arrayContaining([middle.id, bottom.id]));
    expect(found).not.toContain(hidden.id);
    expect(idsOf((await stranger.call.get('/groups', { search: world.suffix, per_page: 100 })).json)).toEqual([]);
  });

  it('an administrator lists all', async () => {
    const found = idsOf((await world.admin.get('/groups', { search: world.suffix, per_page: 100 })).json);
    expect(found).toEqual(expect.arrayContaining([top.id, middle.id, bottom.id, hidden.id]));
  });

  it('owned=true means direct Owner rows: what is owned by inheritance is left out', async () => {
    expect(idsOf((await owner.call.get('/groups', { owned: true })).json)).toEqual([top.id]);
  });

  it('min_access_level counts direct rows and all below them', async () => {
    const at30 = idsOf((await dev.call.get('/groups', { min_access_level: DEVELOPER })).json);
    expect(at30.sort((a, b) => a - b)).toEqual([middle.id, bottom.id].sort((a, b) => a - b));
    expect(idsOf((await dev.call.get('/groups', { min_access_level: MAINTAINER })).json)).toEqual([]);
  });

  it('min_access_level 5 is not taken', async () => {
    expect(said(await dev.call.get('/groups', { min_access_level: 5 }))).toEqual(
      fault(400, 'min_access_level does not have a valid value'),
    );
  });

  it('top_level_only and skip_groups leave out what they say', async () => {
    const tops = rows(
      (await world.admin.get('/groups', { top_level_only: true, search: world.suffix, per_page: 100 })).json,
    );
    expect(tops.every((row) => row['parent_id'] === null)).toBe(true);
    expect(tops.map((row) => row['id'])).toContain(world.root.id);
    const skipped = idsOf((await owner.call.get('/groups', { owned: true, skip_groups: [top.id] })).json);
    expect(skipped).toEqual([]);
  });

  it('order_by and sort order', async () => {
    const ids = async (sort: string) =>
      idsOf((await owner.call.get('/groups', { order_by: 'id', sort, per_page: 100 })).json);
    const ascending = await ids('asc');
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    expect(await ids('desc')).toEqual([...ascending].reverse());
  });

  it('keyset paging is silently ignored for who is signed in', async () => {
    const answer = await owner.call.get('/groups', {
      pagination: 'keyset',
      per_page: 1,
      order_by: 'name',
      sort: 'asc',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-page')).toBe('1');
  });
});

contract('groups: the tree', () => {
  it('subgroups are the direct ones, descendant_groups all', async () => {
    const direct = idsOf((await owner.call.get(`${top.path}/subgroups`)).json);
    expect(direct.sort((a, b) => a - b)).toEqual([middle.id, hidden.id].sort((a, b) => a - b));
    const all = idsOf((await owner.call.get(`${top.path}/descendant_groups`)).json);
    expect(all.sort((a, b) => a - b)).toEqual([middle.id, bottom.id, hidden.id].sort((a, b) => a - b));
  });

  it('of a group that one cannot see they are 404', async () => {
    for (const list of ['subgroups', 'descendant_groups', 'projects']) {
      expect(said(await stranger.call.get(`${top.path}/${list}`))).toEqual(refusal(404, '404 Group Not Found'));
    }
  });

  it('who belongs below sees the group above and only its own branch', async () => {
    const seen = await dev.call.get(`${top.path}/descendant_groups`);
    expect(seen.status).toBe(200);
    const found = idsOf(seen.json);
    expect(found).toEqual(expect.arrayContaining([middle.id, bottom.id]));
    expect(found).not.toContain(hidden.id);
  });

  it("projects are the group's own unless include_subgroups says otherwise", async () => {
    expect(idsOf((await owner.call.get(`${middle.path}/projects`)).json)).toEqual([own.id]);
    const all = idsOf(
      (await owner.call.get(`${middle.path}/projects`, { include_subgroups: true, simple: true })).json,
    );
    expect(all.sort((a, b) => a - b)).toEqual([own.id, below.id].sort((a, b) => a - b));
  });

  it('projects shared into the group are listed unless with_shared=false', async () => {
    const elsewhere = await world.group('elsewhere', { parent: world.root });
    const shared = await world.project('shared', elsewhere);
    const target = await world.group('target', { parent: world.root });
    await must(201, world.admin.post(`${shared.path}/share`, { group_id: target.id, group_access: DEVELOPER }));
    expect(idsOf((await world.admin.get(`${target.path}/projects`)).json)).toEqual([shared.id]);
    expect(idsOf((await world.admin.get(`${target.path}/projects`, { with_shared: false })).json)).toEqual([]);
  });

  it('a mere reader of an open group finds its open subgroups with all_available=true only', async () => {
    const visibility = await world.openVisibility();
    const open = await world.group('open', { visibility });
    const child = await world.group('open-child', { parent: open, visibility });
    expect(said(await stranger.call.get(`${open.path}/subgroups`))).toEqual({ status: 200, json: [] });
    const all = await stranger.call.get(`${open.path}/subgroups`, { all_available: true });
    expect(idsOf(all.json)).toEqual([child.id]);
  });
});

contract('groups: making', () => {
  it('who makes a group is its direct Owner, with nobody named as the giver', async () => {
    const made = await world.group('made', { parent: top, by: owner.call });
    const row = await owner.call.get(`${made.path}/members/${String(owner.id)}`);
    expect(said(row)).toMatchObject({ status: 200, json: { access_level: OWNER, expires_at: null } });
    expect(record(row.json)).not.toHaveProperty('created_by');
  });

  it('a Maintainer makes subgroups and is Owner there; a Developer makes none', async () => {
    const maintainer = await world.person('maintainer');
    await world.member(middle, maintainer, MAINTAINER);
    const made = await world.group('by-maintainer', { parent: middle, by: maintainer.call });
    expect(at((await maintainer.call.get(`${made.path}/members/${String(maintainer.id)}`)).json, 'access_level')).toBe(
      OWNER,
    );
    const path = world.unique('never');
    const refused = await dev.call.post('/groups', { name: path, path, parent_id: middle.id });
    expect(said(refused)).toEqual(refusal(403, '403 Forbidden'));
  });

  it('a project of a group gives its maker no row', async () => {
    const made = await world.project('rowless', top, { by: owner.call });
    expect(said(await owner.call.get(`${made.path}/members/${String(owner.id)}`))).toEqual(
      refusal(404, '404 Not found'),
    );
    expect(at((await owner.call.get(`${made.path}/members/all/${String(owner.id)}`)).json, 'access_level')).toBe(OWNER);
  });

  it('a guest of a project below sees the private group above but not its members', async () => {
    const guest = await world.person('guest');
    await world.member(below, guest, GUEST);
    const seen = await eventually(
      () => guest.call.get(middle.path),
      (answer) => answer.status === 200,
    );
    expect(seen.status).toBe(200);
    expect(said(await guest.call.get(`${middle.path}/members`))).toEqual(refusal(403, '403 Forbidden'));
  });
});
