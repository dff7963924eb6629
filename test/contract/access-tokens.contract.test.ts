import { beforeAll, expect, it } from '@jest/globals';
import { fault, refusal, said } from './helpers/answers.ts';
import { at, idsOf, numberAt, record, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import type { Section } from './helpers/section.ts';
import { DEVELOPER, GUEST, MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOTHING = 999_999_999;
const UNAUTHORIZED = refusal(401, '401 Unauthorized');

const world = openWorld();
let owner: Person;
let maintainer: Person;
let dev: Person;
let group: Source;
let project: Source;
let refused: string | undefined;

/** group (owner: Owner, maintainer: Maintainer, dev: Developer) > project. */
beforeAll(async () => {
  [owner, maintainer, dev] = [await world.person('owner'), await world.person('maintainer'), await world.person('dev')];
  group = await world.ownedGroup('owned', owner);
  project = await world.project('project', group);
  await world.member(group, maintainer, MAINTAINER);
  await world.member(group, dev, DEVELOPER);
  await world.canRead(project, owner, maintainer, dev);
  const probe = await make(group, {});
  if (probe.status !== 201) refused = `group access tokens (${String(probe.status)} on making one)`;
});

const body = () => ({ name: 'contract', scopes: ['read_api'], expires_at: world.day(5), access_level: GUEST });
const make = (source: Source, change: Record<string, unknown>, by = owner) =>
  by.call.post(`${source.path}/access_tokens`, { ...body(), ...change });
const made = async (source: Source, change: Record<string, unknown> = {}) =>
  record((await must(201, make(source, change))).json);
const one = (source: Source, id: unknown) => `${source.path}/access_tokens/${String(id)}`;

/** A test that counts only where tokens of groups and projects can be made. */
function where(section: Section): (name: string, test: () => Promise<void>) => void {
  let told = false;
  return (name, test) => {
    it(name, async () => {
      if (refused === undefined) {
        await test();
        return;
      }
      if (!told) section.doesNotApply(refused);
      told = true;
    });
  };
}

contract('access tokens: made', (section) => {
  const check = where(section);

  check('a token comes with its level, its source and, this once, its value', async () => {
    for (const source of [group, project]) {
      const token = await made(source);
      const kind = source.kind.toLowerCase();
      expect(token).toMatchObject({
        name: 'contract',
        revoked: false,
        active: true,
        scopes: ['read_api'],
        expires_at: world.day(5),
        access_level: GUEST,
        resource_type: kind,
        resource_id: source.id,
      });
      expect(textAt(token, 'token')).not.toBe('');
      const read = await must(200, owner.call.get(one(source, token['id'])));
      expect(at(read.json, 'id')).toBe(token['id']);
      expect(record(read.json)).not.toHaveProperty('token');
      expect(idsOf((await must(200, owner.call.get(`${source.path}/access_tokens`))).json)).toContain(token['id']);
    }
  });

  check('its bot is a user with a row of that level, without a date, that names its maker', async () => {
    for (const source of [group, project]) {
      const token = await made(source);
      const userId = numberAt(token, 'user_id');
      const row = await must(200, owner.call.get(`${source.path}/members/${String(userId)}`));
      expect(row.json).toMatchObject({
        id: userId,
        access_level: GUEST,
        expires_at: null,
        created_by: { id: owner.id },
      });
      const name = new RegExp(`^${source.kind.toLowerCase()}_${String(source.id)}_bot_[0-9a-f]{32}$`);
      expect(textAt(row.json, 'username')).toMatch(name);
      const self = await must(200, world.with(textAt(token, 'token')).get('/user'));
      expect(self.json).toMatchObject({ id: userId, bot: true });
    }
  });

  check('the level is Maintainer where none is named', async () => {
    const answer = await must(201, make(group, { access_level: undefined }));
    expect(at(answer.json, 'access_level')).toBe(MAINTAINER);
  });

  check('the members API neither changes nor removes a bot', async () => {
    const path = `${group.path}/members/${String((await made(group))['user_id'])}`;
    expect(said(await owner.call.put(path, { access_level: DEVELOPER }))).toEqual(refusal(403, '403 Forbidden'));
    expect(said(await owner.call.delete(path))).toEqual(refusal(403, '403 Forbidden'));
  });

  section.notAsked('the end of a bot some time after its last token (needs a moved clock)');
});

contract('access tokens: refused', (section) => {
  const check = where(section);

  check('name, scopes and level are checked as parameters', async () => {
    expect(said(await owner.call.post(`${group.path}/access_tokens`, { expires_at: world.day(5) }))).toEqual(
      fault(400, 'name is missing, scopes is missing'),
    );
    expect(said(await make(group, { scopes: ['sudo'] }))).toEqual(fault(400, 'scopes does not have a valid value'));
    expect(said(await make(group, { access_level: 7 }))).toEqual(
      fault(400, 'access_level does not have a valid value'),
    );
  });

  check('without a date it is refused', async () => {
    const answer = await make(group, { expires_at: undefined });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('expires_at is missing');
  });

  check('who may not make one is told 400, who may not read them 401', async () => {
    for (const by of [maintainer, dev]) {
      expect(said(await make(group, {}, by))).toEqual(
        refusal(400, '400 Bad request - User does not have permission to create group access token'),
      );
      expect(said(await by.call.get(`${group.path}/access_tokens`))).toEqual(UNAUTHORIZED);
    }
    expect(said(await make(project, {}, dev))).toEqual(
      refusal(400, '400 Bad request - User does not have permission to create project access token'),
    );
    expect((await make(project, {}, maintainer)).status).toBe(201);
  });

  check('nobody makes a token above the own level', async () => {
    expect(said(await make(project, { access_level: OWNER }, maintainer))).toEqual(
      refusal(400, '400 Bad request - Access level of the token contains permissions not held by the creating user'),
    );
  });

  check('a bot makes no tokens', async () => {
    const bot = world.with(textAt(await made(group, { scopes: ['api'], access_level: OWNER }), 'token'));
    expect((await bot.post(`${group.path}/access_tokens`, body())).status).toBe(400);
  });

  check('a token that is not there is 404', async () => {
    expect(said(await owner.call.get(one(group, NOTHING)))).toEqual(refusal(404, '404 group Access Token Not Found'));
    expect((await owner.call.delete(one(group, NOTHING))).status).toBe(404);
  });
});

contract('access tokens: rotated and revoked', (section) => {
  const check = where(section);

  check('rotation gives a new value for a week, ends the old one, and keeps the bot', async () => {
    const old = await made(group);
    const answer = await must(200, owner.call.post(`${one(group, old['id'])}/rotate`));
    expect(answer.json).toMatchObject({
      user_id: old['user_id'],
      access_level: GUEST,
      active: true,
      expires_at: world.day(7),
    });
    expect((await world.with(textAt(old, 'token')).get('/user')).status).toBe(401);
    expect((await world.with(textAt(answer.json, 'token')).get('/user')).status).toBe(200);
    expect((await owner.call.post(`${one(group, old['id'])}/rotate`)).status).toBe(400);
  });

  check('without the right rotation is 401, and of nothing too', async () => {
    const token = await made(group);
    expect(said(await dev.call.post(`${one(group, token['id'])}/rotate`))).toEqual(UNAUTHORIZED);
    expect(said(await owner.call.post(`${one(group, NOTHING)}/rotate`))).toEqual(UNAUTHORIZED);
    expect((await world.admin.post(`${one(group, NOTHING)}/rotate`)).status).toBe(404);
  });

  check('a bot rotates its own token with self_rotate; a person has no such method', async () => {
    const token = await made(group, { scopes: ['self_rotate'] });
    const answer = await must(200, world.with(textAt(token, 'token')).post(`${group.path}/access_tokens/self/rotate`));
    expect(at(answer.json, 'user_id')).toBe(token['user_id']);
    expect((await owner.call.post(`${group.path}/access_tokens/self/rotate`)).status).toBe(405);
  });

  check('a revoked token is listed, and its bot is a member still', async () => {
    const token = await made(group);
    expect((await owner.call.delete(one(group, token['id']))).status).toBe(204);
    expect((await must(200, owner.call.get(one(group, token['id'])))).json).toMatchObject({
      revoked: true,
      active: false,
    });
    const inactive = await must(200, owner.call.get(`${group.path}/access_tokens`, { state: 'inactive' }));
    expect(idsOf(inactive.json)).toContain(token['id']);
    expect((await owner.call.get(`${group.path}/members/${String(token['user_id'])}`)).status).toBe(200);
  });

  check('revoking without the right is 400', async () => {
    const token = await made(group);
    expect((await dev.call.delete(one(group, token['id']))).status).toBe(400);
    expect(at((await owner.call.get(one(group, token['id']))).json, 'active')).toBe(true);
  });
});
