import { beforeAll, expect, it } from '@jest/globals';
import { fault, refusal, said } from './helpers/answers.ts';
import { at, idsOf, numberAt, record, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOTHING = 999_999_999;
const FORBIDDEN = refusal(403, '403 Forbidden');

const world = openWorld();
let owner: Person;
let maintainer: Person;
let dev: Person;
let group: Source;
let project: Source;

/** group (owner: Owner, maintainer: Maintainer, dev: Developer) > project. */
beforeAll(async () => {
  [owner, maintainer, dev] = [await world.person('owner'), await world.person('maintainer'), await world.person('dev')];
  group = await world.group('group', { parent: world.root });
  project = await world.project('project', group);
  await world.member(group, owner, OWNER);
  await world.member(group, maintainer, MAINTAINER);
  await world.member(group, dev, DEVELOPER);
  await world.canRead(project, owner, maintainer, dev);
});

const tokens = (source: Source) => `${source.path}/deploy_tokens`;
const make = (source: Source, change: Record<string, unknown> = {}, by = owner) =>
  by.call.post(tokens(source), { name: 'pull', scopes: ['read_repository'], ...change });

contract('deploy tokens', (section) => {
  it('one comes with its value this once, and tells neither when nor by whom it was made', async () => {
    for (const source of [group, project]) {
      const expiresAt = `${world.day(20)}T08:30:00.000Z`;
      const { json } = await must(201, make(source, { expires_at: expiresAt }));
      const id = numberAt(json, 'id');
      expect(json).toMatchObject({ name: 'pull', scopes: ['read_repository'], revoked: false, expired: false });
      expect(Date.parse(textAt(json, 'expires_at'))).toBe(Date.parse(expiresAt));
      expect(textAt(json, 'username')).toBe(`gitlab+deploy-token-${String(id)}`);
      expect(textAt(json, 'token')).not.toBe('');
      const read = record((await must(200, maintainer.call.get(`${tokens(source)}/${String(id)}`))).json);
      expect(Object.keys(read).sort()).toEqual(
        ['expired', 'expires_at', 'id', 'name', 'revoked', 'scopes', 'username'].sort(),
      );
    }
  });

  it('without an end it has none, and names may repeat', async () => {
    const first = await must(201, make(group));
    const second = await must(201, make(group));
    expect(at(first.json, 'expires_at')).toBeNull();
    expect(at(second.json, 'id')).not.toBe(at(first.json, 'id'));
  });

  it("a list holds the source's own, in order of id", async () => {
    const ofGroup = numberAt((await must(201, make(group))).json, 'id');
    const ofProject = numberAt((await must(201, make(project))).json, 'id');
    const listed = idsOf((await must(200, owner.call.get(tokens(project), { per_page: 100 }))).json);
    expect(listed).toContain(ofProject);
    expect(listed).not.toContain(ofGroup);
    expect(listed).toEqual([...listed].sort((a, b) => a - b));
  });

  it('an end in the past is taken, and active=true leaves it out while expired says so', async () => {
    const { json } = await must(201, make(project, { expires_at: `${world.day(-3)}T00:00:00Z` }));
    expect(at(json, 'expired')).toBe(true);
    const active = await must(200, owner.call.get(tokens(project), { active: true, per_page: 100 }));
    expect(idsOf(active.json)).not.toContain(numberAt(json, 'id'));
  });

  it('a group takes an Owner to write and a Maintainer to read; a project a Maintainer for both', async () => {
    const { json } = await must(201, make(group));
    const one = `${tokens(group)}/${String(numberAt(json, 'id'))}`;
    expect((await maintainer.call.get(tokens(group))).status).toBe(200);
    expect(said(await make(group, {}, maintainer))).toEqual(FORBIDDEN);
    expect(said(await maintainer.call.delete(one))).toEqual(FORBIDDEN);
    expect((await make(project, {}, maintainer)).status).toBe(201);
    for (const source of [group, project]) {
      expect(said(await dev.call.get(tokens(source)))).toEqual(FORBIDDEN);
      expect(said(await make(source, {}, dev))).toEqual(FORBIDDEN);
    }
  });

  it('deleting is 204 once and 404 after', async () => {
    const one = `${tokens(project)}/${String(numberAt((await must(201, make(project))).json, 'id'))}`;
    expect((await owner.call.delete(one)).status).toBe(204);
    expect(said(await owner.call.delete(one))).toEqual(refusal(404, '404 Not found'));
    expect(said(await owner.call.get(`${tokens(group)}/${String(NOTHING)}`))).toEqual(refusal(404, '404 Not found'));
  });

  it('parameters are checked before rights', async () => {
    expect(said(await make(group, { scopes: ['api'] }, dev))).toEqual(fault(400, 'scopes does not have a valid value'));
    expect(said(await make(group, { expires_at: 'soon' }, dev))).toEqual(fault(400, 'expires_at is invalid'));
    expect((await make(group, { scopes: [] })).status).toBe(400);
  });

  it('who is nobody finds no private source, and the whole instance is for administrators', async () => {
    expect((await world.anonymous.get(tokens(group))).status).toBe(404);
    expect((await world.anonymous.get('/deploy_tokens')).status).toBe(401);
    expect(said(await owner.call.get('/deploy_tokens'))).toEqual(FORBIDDEN);
    expect((await world.admin.get('/deploy_tokens')).status).toBe(200);
  });

  section.notAsked('revoked rows (only the pages of GitLab revoke) and the instant of the end (need a moved clock)');
});
