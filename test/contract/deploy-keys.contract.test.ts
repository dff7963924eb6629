import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { refusal, said } from './helpers/answers.ts';
import { at, idsOf, numberAt, record, rows } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, MAINTAINER, must, openWorld } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NO_KEY = refusal(404, '404 Deploy key Not Found');

const world = openWorld();
let maintainer: Person;
let other: Person;
let dev: Person;
let project: Source;
let second: Source;

/** Two projects of one group; maintainer has both, other the second, dev is Developer of the first. */
beforeAll(async () => {
  [maintainer, other, dev] = [await world.person('maintainer'), await world.person('other'), await world.person('dev')];
  const group = await world.group('group', { parent: world.root });
  project = await world.project('first', group);
  second = await world.project('second', group);
  await world.member(project, maintainer, MAINTAINER);
  await world.member(second, maintainer, MAINTAINER);
  await world.member(second, other, MAINTAINER);
  await world.member(project, dev, DEVELOPER);
  await world.canRead(project, maintainer, dev);
  await world.canRead(second, maintainer, other);
});

/** The text of a new public key, as ssh-keygen writes it. */
function newKey(): string {
  const raw = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const part = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(raw)]).toString('base64')}`;
}

const keys = (source: Source) => `${source.path}/deploy_keys`;
const one = (source: Source, id: number) => `${keys(source)}/${String(id)}`;
const put = (source: Source, body: Record<string, unknown>, by = maintainer) =>
  by.call.post(keys(source), { title: 'puller', ...body });
const made = async (source: Source, key = newKey()) => numberAt((await must(201, put(source, { key }))).json, 'id');

contract('deploy keys', (section) => {
  it('a key is made with its place, and names no user', async () => {
    const key = newKey();
    const { json } = await must(201, put(project, { key, can_push: true }));
    expect(json).toMatchObject({ title: 'puller', can_push: true, expires_at: null });
    const read = record((await must(200, maintainer.call.get(one(project, numberAt(json, 'id'))))).json);
    expect(read).toMatchObject({ id: at(json, 'id'), can_push: true });
    expect(Object.keys(read)).not.toContain('user');
    expect(idsOf((await must(200, maintainer.call.get(keys(project)))).json)).toContain(at(json, 'id'));
  });

  it('the same key again is 201, and changes nothing', async () => {
    const key = newKey();
    const id = await made(project, key);
    const again = await must(201, put(project, { key, title: 'other', can_push: true }));
    expect(again.json).toMatchObject({ id, title: 'puller', can_push: false });
  });

  it("a key of a project of one's own is joined, and keeps its title", async () => {
    const key = newKey();
    const id = await made(project, key);
    const joined = await must(201, put(second, { key, title: 'other' }));
    expect(joined.json).toMatchObject({ id, title: 'puller' });
  });

  it('a key that one cannot reach is taken', async () => {
    const key = newKey();
    await made(project, key);
    const answer = await put(second, { key }, other);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('has already been taken');
  });

  it('what is no key is 400', async () => {
    expect((await put(project, { key: 'ssh-ed25519 nothing' })).status).toBe(400);
  });

  it('enabling attaches a key to read, and what one cannot reach is not there', async () => {
    const id = await made(project);
    expect(said(await other.call.post(`${one(second, id)}/enable`))).toEqual(NO_KEY);
    const enabled = await must(201, maintainer.call.post(`${one(second, id)}/enable`));
    expect(record(enabled.json)).not.toHaveProperty('can_push');
    expect(at((await must(200, maintainer.call.get(one(second, id)))).json, 'can_push')).toBe(false);
  });

  it('the right to push is the place’s; the title of a shared key stays as it is, with 200', async () => {
    const id = await made(project);
    const alone = await must(200, maintainer.call.put(one(project, id), { title: 'renamed' }));
    expect(at(alone.json, 'title')).toBe('renamed');
    await must(201, maintainer.call.post(`${one(second, id)}/enable`));
    const shared = await must(200, maintainer.call.put(one(project, id), { title: 'again', can_push: true }));
    expect(shared.json).toMatchObject({ title: 'renamed', can_push: true });
    expect(at((await must(200, maintainer.call.get(one(second, id)))).json, 'can_push')).toBe(false);
  });

  it('deleting takes it off this project; from the last one it is gone', async () => {
    const key = newKey();
    const id = await made(project, key);
    await must(201, maintainer.call.post(`${one(second, id)}/enable`));
    expect((await maintainer.call.delete(one(project, id))).status).toBe(204);
    expect(said(await maintainer.call.delete(one(project, id)))).toEqual(NO_KEY);
    expect(said(await maintainer.call.get(one(project, id)))).toEqual(refusal(404, '404 Not found'));
    expect((await maintainer.call.delete(one(second, id))).status).toBe(204);
    expect(await made(project, key)).not.toBe(id);
  });

  it('a Developer neither reads nor writes them', async () => {
    expect(said(await dev.call.get(keys(project)))).toEqual(refusal(403, '403 Forbidden'));
    expect(said(await put(project, {}, dev))).toEqual(refusal(403, '403 Forbidden'));
  });

  it('administrators see every key with its projects, and a key with its maker', async () => {
    const id = await made(project);
    expect((await maintainer.call.get('/deploy_keys')).status).toBe(403);
    expect((await maintainer.call.get(`/keys/${String(id)}`)).status).toBe(403);
    const withUser = await must(200, world.admin.get(`/keys/${String(id)}`));
    expect(at(withUser.json, 'user', 'id')).toBe(maintainer.id);
    const last = await must(200, world.admin.get('/deploy_keys', { per_page: 100 }));
    const shown = rows(last.json).find((row) => row['id'] === id);
    if (shown === undefined) section.doesNotApply('the list of all keys: this instance has more than a page of them');
    else expect(idsOf(shown['projects_with_readonly_access'])).toEqual([project.id]);
  });
});
