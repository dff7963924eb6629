import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openBench, type Answer, type Bench } from './ask.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.sandbox.close());

const said = ({ status, body }: Answer): unknown[] => [status, body];
const get = (path: string, token = bench.sandbox.tokens.owner) => bench.api('GET', path, { token });
const acme = (rest = '') => `/groups/${String(bench.group('acme'))}${rest}`;
const ops = (rest = '') => `/groups/${String(bench.group('acme/ops'))}${rest}`;
const withSaml = (enforced = false) =>
  bench.sandbox.edit({
    action: 'setGroup',
    id: bench.group('acme'),
    set: { saml: { enabled: true, enforced }, samlLinks: [{ name: 'ops', accessLevel: 30 }] },
  });
const link = (name: string) =>
  bench.sandbox.edit({ action: 'linkSaml', userId: bench.user(name), groupId: bench.group('acme'), externUid: name });

describe('LDAP links', () => {
  it('are listed for Owners; none is 404, every other failure 403, a missing group too', async () => {
    expect(said(await get(acme('/ldap_group_links')))).toEqual([404, { message: 'No linked LDAP groups found' }]);
    const ldapLinks = [{ cn: 'ops', groupAccess: 30, provider: 'ldapmain' }];
    bench.sandbox.edit({ action: 'setGroup', id: bench.group('acme'), set: { ldapLinks } });
    expect(said(await get(acme('/ldap_group_links')))).toEqual([
      200,
      [{ cn: 'ops', group_access: 30, provider: 'ldapmain', filter: null }],
    ]);
    expect((await get(acme('/ldap_group_links'), bench.sandbox.tokens.user)).status).toBe(403);
    expect((await get('/groups/999999/ldap_group_links')).status).toBe(403);
  });
});

describe('SAML', () => {
  const OFF = [401, { message: '401 Unauthorized' }];

  it('links answer 401 while it is off, for who has no right and for what is not there: no dead token', async () => {
    expect(said(await get(acme('/saml_group_links')))).toEqual(OFF);
    withSaml();
    expect(said(await get(acme('/saml_group_links')))).toEqual([
      200,
      [{ name: 'ops', access_level: 30, provider: null }],
    ]);
    expect(said(await get(ops('/saml_group_links')))).toEqual([200, []]);
    expect(said(await get(acme('/saml_group_links'), bench.sandbox.tokens.user))).toEqual(OFF);
    expect(said(await get('/groups/999999/saml_group_links'))).toEqual(OFF);
    bench.sandbox.settings({ plan: 'free' });
    expect(said(await get(acme('/saml_group_links')))).toEqual(OFF);
  });

  it('identities are 400 without a provider and for a subgroup', async () => {
    expect((await get(acme('/saml/identities'))).status).toBe(400);
    withSaml();
    link('dana');
    expect(said(await get(acme('/saml/identities')))).toEqual([
      200,
      [{ extern_uid: 'dana', user_id: bench.user('dana') }],
    ]);
    expect((await get(ops('/saml/identities'))).status).toBe(400);
    expect((await get(acme('/saml/identities'), bench.sandbox.tokens.user)).status).toBe(403);
  });

  it('shows Owners of the root its key in rows, null for who is not linked, and in no row below', async () => {
    withSaml();
    link('dana');
    bench.sandbox.edit({
      action: 'addMember',
      sourceKind: 'Group',
      sourceId: bench.group('acme/ops'),
      userId: bench.user('root'),
      set: { accessLevel: 30 },
    });
    const row = async (path: string, name: string, token?: string) =>
      (await get(`${path}/${String(bench.user(name))}`, token)).body as Record<string, unknown>;
    expect((await row(acme('/members'), 'dana'))['group_saml_identity']).toMatchObject({ extern_uid: 'dana' });
    expect((await row(acme('/members'), 'olivia'))['group_saml_identity']).toBeNull();
    expect(await row(acme('/members'), 'dana', bench.sandbox.tokens.user)).not.toHaveProperty('group_saml_identity');
    expect(await row(ops('/members'), 'root')).not.toHaveProperty('group_saml_identity');
    const linked = (await get(acme('/members?with_saml_identity=true'))).body as { username: string }[];
    expect(linked.map((item) => item.username)).toEqual(['dana']);
  });

  it('that is enforced refuses who is not linked anywhere in the tree, with a 400 on the user', async () => {
    withSaml(true);
    const body = { user_id: bench.user('root'), access_level: 30 };
    for (const path of [acme('/members'), ops('/members'), `/projects/${String(bench.project('acme/api'))}/members`]) {
      const refused = await bench.api('POST', path, { token: bench.sandbox.tokens.owner, body });
      expect(said(refused)).toEqual([
        400,
        { message: { user: [expect.stringMatching(/^is not linked to a SAML account/)] } },
      ]);
    }
    link('root');
    expect((await bench.api('POST', ops('/members'), { body })).status).toBe(201);
  });

  it('loses the link of who is removed from the root, and says so on the way back', async () => {
    withSaml(true);
    link('dana');
    const path = acme('/members');
    expect((await bench.api('DELETE', `${path}/${String(bench.user('dana'))}`)).status).toBe(204);
    const body = { user_id: bench.user('dana'), access_level: 30 };
    expect((await bench.api('POST', path, { body })).status).toBe(400);
  });

  it('users are listed with their e-mail, accounts of the group for Maintainers', async () => {
    withSaml();
    link('dana');
    expect((await get(acme('/saml_users'))).body).toEqual([expect.objectContaining({ email: 'dana@example.com' })]);
    expect((await get(ops('/saml_users'))).body).toEqual({
      message: '400 Bad request - Must be a top-level group',
    });
    expect((await get(acme('/provisioned_users'))).body).toEqual([expect.objectContaining({ name: 'Gatehouse' })]);
    expect((await get(acme('/provisioned_users'), bench.sandbox.tokens.user)).status).toBe(403);
  });
});
