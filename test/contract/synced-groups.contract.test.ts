import { beforeAll, expect, it } from '@jest/globals';
import { isMissingRoute, refusal, said } from './helpers/answers.ts';
import { record } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import type { Section } from './helpers/section.ts';
import { MAINTAINER, openWorld } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const NOTHING = '/groups/999999999';
const FORBIDDEN = refusal(403, '403 Forbidden');
const UNAUTHORIZED = refusal(401, '401 Unauthorized');

const world = openWorld();
let owner: Person;
let maintainer: Person;
let root: Source;
let sub: Source;
let missing = false;

/** root is a top-level group of owner without any identity provider; sub lies below it. */
beforeAll(async () => {
  [owner, maintainer] = [await world.person('owner'), await world.person('maintainer')];
  root = await world.ownedGroup('owned', owner);
  sub = await world.group('sub', { parent: root });
  await world.member(root, maintainer, MAINTAINER);
  missing = isMissingRoute(await owner.call.get(`${root.path}/ldap_group_links`));
});

/** A test that counts only on the Enterprise code base. */
function where(section: Section): (name: string, test: () => Promise<void>) => void {
  let told = false;
  return (name, test) => {
    it(name, async () => {
      if (!missing) {
        await test();
        return;
      }
      if (!told) section.doesNotApply('identity providers (no such routes: Community Edition)');
      told = true;
    });
  };
}

contract('groups without an identity provider', (section) => {
  const check = where(section);

  check('have no keys of links, and rows have none of an identity', async () => {
    const group = record((await owner.call.get(root.path, { with_projects: false })).json);
    expect(group).not.toHaveProperty('ldap_group_links');
    expect(group).not.toHaveProperty('saml_group_links');
    expect(group).toMatchObject({ ldap_cn: null });
    const row = record((await owner.call.get(`${root.path}/members/${String(owner.id)}`)).json);
    expect(row).not.toHaveProperty('group_saml_identity');
    expect(row).not.toHaveProperty('override');
  });

  check('say 404 to a question for LDAP links, and 403 to whatever else goes wrong', async () => {
    expect(said(await owner.call.get(`${root.path}/ldap_group_links`))).toEqual(
      refusal(404, 'No linked LDAP groups found'),
    );
    expect(said(await maintainer.call.get(`${root.path}/ldap_group_links`))).toEqual(FORBIDDEN);
    expect(said(await owner.call.get(`${NOTHING}/ldap_group_links`))).toEqual(FORBIDDEN);
  });

  check('say 401 to a question for SAML links, with a token that is good', async () => {
    for (const path of [root.path, NOTHING]) {
      expect(said(await maintainer.call.get(`${path}/saml_group_links`))).toEqual(UNAUTHORIZED);
    }
    expect((await maintainer.call.get('/user')).status).toBe(200);
  });

  check('say 400 to a question for identities: no provider, or a subgroup', async () => {
    expect((await owner.call.get(`${root.path}/saml/identities`)).status).toBe(400);
    expect((await owner.call.get(`${sub.path}/saml/identities`)).status).toBe(400);
    expect((await maintainer.call.get(`${root.path}/saml/identities`)).status).toBe(403);
  });

  section.notAsked('links, identities and enforcement: need an identity provider');
});
