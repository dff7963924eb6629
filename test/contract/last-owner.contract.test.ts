import { beforeAll, expect, it } from '@jest/globals';
import { isMissingRoute, refusal, said } from './helpers/answers.ts';
import { numberAt, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const FORBIDDEN = refusal(403, '403 Forbidden');

const world = openWorld();
let owner: Person;
let root: Source;

/** root is a top-level group whose only member is owner. */
beforeAll(async () => {
  owner = await world.person('owner');
  root = await world.ownedGroup('owned', owner);
});

const at = (source: Source, person: Pick<Person, 'id'>) => `${source.path}/members/${String(person.id)}`;

contract('members: last owner', (section) => {
  it('the last Owner of a group is neither lowered nor removed, nor leaves; administrators are refused too', async () => {
    for (const by of [owner.call, world.admin]) {
      expect(said(await by.put(at(root, owner), { access_level: DEVELOPER }))).toEqual(FORBIDDEN);
      expect(said(await by.delete(at(root, owner)))).toEqual(FORBIDDEN);
    }
    expect(said(await world.admin.get(at(root, owner)))).toMatchObject({ status: 200, json: { access_level: OWNER } });
  });

  it('not even the expiry of the last Owner can be set', async () => {
    const answer = await owner.call.put(at(root, owner), { access_level: OWNER, expires_at: world.day(9) });
    expect(said(answer)).toEqual(FORBIDDEN);
  });

  it('a second Owner frees the first', async () => {
    const second = await world.person('second');
    await world.member(root, second, OWNER);
    expect((await second.call.put(at(root, owner), { access_level: MAINTAINER })).status).toBe(200);
    expect(said(await second.call.delete(at(root, second)))).toEqual(FORBIDDEN);
    expect((await second.call.put(at(root, owner), { access_level: OWNER })).status).toBe(200);
    expect((await second.call.delete(at(root, second))).status).toBe(204);
  });

  it('a blocked Owner counts', async () => {
    const second = await world.person('second');
    await world.member(root, second, OWNER);
    await must(201, world.admin.post(`/users/${String(second.id)}/block`));
    expect((await world.admin.put(at(root, owner), { access_level: OWNER, expires_at: world.day(9) })).status).toBe(
      200,
    );
    expect((await world.admin.put(at(root, owner), { access_level: OWNER, expires_at: null })).status).toBe(200);
    await must(204, world.admin.delete(at(root, second)));
  });

  it('an Owner of the group above is not last in the subgroup, and keeps others from being last', async () => {
    const sub = await world.group('sub', { parent: root, by: owner.call });
    expect((await owner.call.delete(at(sub, owner))).status).toBe(204);
    const second = await world.person('second');
    await world.member(sub, second, OWNER);
    expect((await owner.call.put(at(sub, second), { access_level: DEVELOPER })).status).toBe(200);
    expect((await owner.call.delete(at(sub, second))).status).toBe(204);
  });

  it('the bot of a token is no Owner who counts', async () => {
    const made = await owner.call.post(`${root.path}/access_tokens`, {
      name: 'bot',
      scopes: ['api'],
      expires_at: world.day(5),
      access_level: OWNER,
    });
    if (isMissingRoute(made) || made.status !== 201) {
      section.doesNotApply(`bots of group access tokens (${String(made.status)} on making one)`);
      return;
    }
    expect(numberAt(made.json, 'user_id')).toBeGreaterThan(0);
    expect(said(await world.with(textAt(made.json, 'token')).delete(at(root, owner)))).toEqual(FORBIDDEN);
  });

  it('a project of a group has no last Owner', async () => {
    const project = await world.project('project', root, { by: owner.call });
    const only = await world.person('only');
    await world.member(project, only, OWNER);
    expect((await owner.call.delete(at(project, only))).status).toBe(204);
  });

  it('the holder of a personal project is neither changed nor removed', async () => {
    const path = world.unique('personal');
    const made = await owner.call.post('/projects', { name: path, path, visibility: 'private' });
    if (made.status !== 201) {
      section.doesNotApply(`personal projects (${String(made.status)} on making one)`);
      return;
    }
    const members = `/projects/${String(numberAt(made.json, 'id'))}/members/${String(owner.id)}`;
    world.cleanUp(() => world.admin.delete(`/projects/${String(numberAt(made.json, 'id'))}`));
    expect(said(await owner.call.get(members))).toMatchObject({ status: 200, json: { access_level: OWNER } });
    expect(said(await world.admin.put(members, { access_level: DEVELOPER }))).toEqual(FORBIDDEN);
    expect(said(await world.admin.delete(members))).toEqual(FORBIDDEN);
  });
});
