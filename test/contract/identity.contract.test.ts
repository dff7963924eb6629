import { beforeAll, expect, it } from '@jest/globals';
import { fault, isMissingRoute, NO_ROUTE, refusal, said } from './helpers/answers.ts';
import { record, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { openWorld } from './helpers/world.ts';
import type { Person } from './helpers/world.ts';

const world = openWorld();
let alice: Person;

beforeAll(async () => {
  alice = await world.person('alice');
});

contract('instance identity', (section) => {
  it('GET /metadata gives version, revision, kas and the edition to any user', async () => {
    const answer = await alice.call.get('/metadata');
    expect(answer.status).toBe(200);
    const metadata = record(answer.json);
    expect(textAt(metadata, 'version')).toMatch(/^\d+\.\d+\.\d+(-\w+)*$/);
    expect(typeof metadata['revision']).toBe('string');
    expect(typeof metadata['enterprise']).toBe('boolean');
    expect(Object.keys(record(metadata['kas']))).toEqual(expect.arrayContaining(['enabled', 'externalUrl', 'version']));
  });

  it('GET /version gives the same body', async () => {
    const [metadata, version] = await Promise.all([alice.call.get('/metadata'), alice.call.get('/version')]);
    expect(said(version)).toEqual(said(metadata));
  });

  it('answers are application/json', async () => {
    const answer = await alice.call.get('/metadata');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('GET /license tells an administrator of an Enterprise build its plan, and is no route of a Community one', async () => {
    const answer = await world.admin.get('/license');
    if (!world.enterprise) {
      expect(said(answer)).toEqual(NO_ROUTE);
      section.doesNotApply('the licence (Community Edition)');
      return;
    }
    expect(answer.status).toBe(200);
    expect(answer.json === null || /^(starter|premium|ultimate)$/.test(textAt(answer.json, 'plan'))).toBe(true);
  });

  it('the licence is refused to who is no administrator', async () => {
    const answer = await alice.call.get('/license');
    expect(said(answer)).toEqual(world.enterprise ? refusal(403, '403 Forbidden') : NO_ROUTE);
  });

  it('a root group shows membership_lock exactly on an Enterprise build', async () => {
    const group = await world.admin.get(world.root.path, { with_projects: false });
    expect('membership_lock' in record(group.json)).toBe(world.enterprise);
  });

  it('a route that does not exist is told apart from a thing that does not exist', async () => {
    const missing = await alice.call.get('/no_such_route');
    expect(said(missing)).toEqual(NO_ROUTE);
    expect(isMissingRoute(missing)).toBe(true);
    expect(isMissingRoute(await alice.call.get('/groups/999999999'))).toBe(false);
  });

  it('API v3 is gone and says so', async () => {
    const answer = await alice.call.raw('GET', '/api/v3/groups');
    expect(said(answer)).toEqual(fault(410, 'API V3 is no longer supported. Use API V4 instead.'));
  });

  section.notAsked('invitations, billable members, deploy tokens and keys, hooks: not part of this suite');
});
