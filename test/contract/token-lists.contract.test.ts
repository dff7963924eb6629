import { beforeAll, expect, it } from '@jest/globals';
import { fault, refusal, said } from './helpers/answers.ts';
import type { Answer, Caller, QueryValue } from './helpers/http.ts';
import { idsOf, numberAt, record, rows, textAt } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, MAINTAINER, must, openWorld, OWNER } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

type Query = Record<string, QueryValue>;

const LONG_AGO = '2000-01-01T00:00:00Z';
const FAR_AHEAD = '2100-01-01T00:00:00Z';

const world = openWorld();
let owner: Person;
let maintainer: Person;
let dev: Person;
let group: Source;
let sub: Source;
let project: Source;

/** group (owner, maintainer, dev) > sub > project. */
beforeAll(async () => {
  [owner, maintainer, dev] = [await world.person('owner'), await world.person('maintainer'), await world.person('dev')];
  group = await world.ownedGroup('owned', owner);
  sub = await world.group('sub', { parent: group });
  project = await world.project('project', sub);
  await world.member(group, maintainer, MAINTAINER);
  await world.member(group, dev, DEVELOPER);
  await world.canRead(project, owner, maintainer, dev);
});

/** The tokens of one list: three that end on these days, and one that was revoked, made in this order. */
interface Tokens {
  readonly past: number;
  readonly today: number;
  readonly soon: number;
  readonly revoked: number;
  /** Those of the four that a query keeps, in the order of the answer. */
  ids(query?: Query): Promise<number[]>;
  ask(query?: Query): Promise<Answer>;
}

/** Why there is no such list here, or its tokens. */
type Found = { readonly absent: string } | Tokens;

async function tokensOf(
  caller: Caller,
  { path, query = {} }: { path: string; query?: Query },
  make: (body: { name: string; scopes: string[]; expires_at: string }) => Promise<Answer>,
): Promise<Found> {
  const made: number[] = [];
  for (const days of [-1, 0, 5, 9]) {
    const answer = await make({ name: world.unique('listed'), scopes: ['read_api'], expires_at: world.day(days) });
    if (answer.status !== 201) return { absent: `${path} (${String(answer.status)} on making a token)` };
    made.push(numberAt(answer.json, 'id'));
  }
  const [past = 0, today = 0, soon = 0, revoked = 0] = made;
  await must(204, caller.delete(`${path}/${String(revoked)}`));
  const ask = (more: Query = {}): Promise<Answer> => caller.get(path, { per_page: 100, ...query, ...more });
  const ids = async (more: Query = {}): Promise<number[]> =>
    idsOf((await must(200, ask(more))).json).filter((id) => made.includes(id));
  return { past, today, soon, revoked, ask, ids };
}

async function ofSource(source: Source): Promise<Found> {
  const path = `${source.path}/access_tokens`;
  return tokensOf(owner.call, { path }, (body) => owner.call.post(path, body));
}

const LISTS: Record<string, () => Promise<Found>> = {
  'a user': async () => {
    const { id } = await world.person('holder');
    const list = { path: '/personal_access_tokens', query: { user_id: id } };
    return tokensOf(world.admin, list, (body) => world.admin.post(`/users/${String(id)}/personal_access_tokens`, body));
  },
  'a group': () => ofSource(group),
  'a project': () => ofSource(project),
  'a service account': async () => {
    const account = await world.admin.post(`${group.path}/service_accounts`);
    if (account.status !== 201) return { absent: `service accounts (${String(account.status)} on making one)` };
    const id = String(numberAt(account.json, 'id'));
    world.cleanUp(() => world.admin.delete(`/users/${id}`, { hard_delete: true }));
    const path = `${group.path}/service_accounts/${id}/personal_access_tokens`;
    return tokensOf(owner.call, { path }, (body) => owner.call.post(path, body));
  },
};

for (const [name, open] of Object.entries(LISTS)) {
  contract(`token lists: of ${name}`, (section) => {
    let found: Found | undefined;
    const check = (title: string, test: (tokens: Tokens) => Promise<void>): void => {
      it(title, async () => {
        if (found === undefined) {
          found = await open();
          if ('absent' in found) section.doesNotApply(found.absent);
        }
        if (!('absent' in found)) await test(found);
      });
    };

    check(
      'dead tokens are listed too, the lowest number first, also where the order asked for is unknown',
      async (tokens) => {
        const all = [tokens.past, tokens.today, tokens.soon, tokens.revoked];
        expect(await tokens.ids()).toEqual(all);
        expect(await tokens.ids({ sort: 'by_magic' })).toEqual(all);
        expect(rows((await tokens.ask()).json).filter((row) => 'token' in row)).toEqual([]);
      },
    );

    check('a token that ended as today began is in neither state', async (tokens) => {
      expect(await tokens.ids({ state: 'active' })).toEqual([tokens.soon]);
      expect(await tokens.ids({ state: 'inactive' })).toEqual([tokens.past, tokens.revoked]);
      const rowsById = new Map(rows((await tokens.ask()).json).map((row) => [row['id'], row]));
      expect(rowsById.get(tokens.today)).toMatchObject({ active: false, revoked: false });
    });

    check('the days of an end: before leaves the day out, after has it in', async (tokens) => {
      expect(await tokens.ids({ expires_before: world.day(5) })).toEqual([tokens.past, tokens.today]);
      expect(await tokens.ids({ expires_after: world.day(5) })).toEqual([tokens.soon, tokens.revoked]);
    });

    check('times of making keep what was made then, times of use nothing that was never used', async (tokens) => {
      const all = await tokens.ids();
      expect(await tokens.ids({ created_before: FAR_AHEAD, created_after: LONG_AGO })).toEqual(all);
      expect(await tokens.ids({ created_before: LONG_AGO })).toEqual([]);
      expect(await tokens.ids({ created_after: FAR_AHEAD })).toEqual([]);
      expect(await tokens.ids({ last_used_before: FAR_AHEAD })).toEqual([]);
    });

    check('filters meet', async (tokens) => {
      expect(await tokens.ids({ state: 'active', expires_before: world.day(6), revoked: false })).toEqual([
        tokens.soon,
      ]);
      expect(await tokens.ids({ state: 'active', expires_before: world.day(5) })).toEqual([]);
    });

    check('what is no state and no date is 400', async (tokens) => {
      expect(said(await tokens.ask({ state: 'dead' }))).toEqual(fault(400, 'state does not have a valid value'));
      expect(said(await tokens.ask({ expires_before: 'soon' }))).toEqual(fault(400, 'expires_before is invalid'));
    });

    check('pages are numbered, and hold each token once', async (tokens) => {
      const seen: number[] = [];
      for (let page = '1'; page !== '';) {
        const answer = await must(200, tokens.ask({ per_page: 2, page }));
        seen.push(...idsOf(answer.json));
        page = answer.headers.get('x-next-page') ?? '';
      }
      expect(seen).toEqual(idsOf((await tokens.ask()).json));
      expect(idsOf((await tokens.ask({ page: 99 })).json)).toEqual([]);
    });
  });
}

contract('token lists: whose', (section) => {
  it('a list of a place holds that very place, and is 401 to who does not manage it', async () => {
    const path = `${sub.path}/access_tokens`;
    const body = { name: world.unique('sub'), scopes: ['read_api'], expires_at: world.day(5) };
    const made = await owner.call.post(path, body);
    if (made.status !== 201) {
      section.doesNotApply(`group access tokens (${String(made.status)} on making one)`);
      return;
    }
    const id = numberAt(made.json, 'id');
    expect(idsOf((await must(200, owner.call.get(path))).json)).toContain(id);
    for (const other of [group, project]) {
      expect(idsOf((await must(200, owner.call.get(`${other.path}/access_tokens`))).json)).not.toContain(id);
    }
    expect(said(await owner.call.get(`${group.path}/access_tokens/${String(id)}`))).toEqual(
      refusal(404, '404 group Access Token Not Found'),
    );
    expect(said(await maintainer.call.get(path))).toEqual(refusal(401, '401 Unauthorized'));
    expect((await maintainer.call.get(`${project.path}/access_tokens`)).status).toBe(200);
    expect(said(await dev.call.get(`${project.path}/access_tokens`))).toEqual(refusal(401, '401 Unauthorized'));
    expect(said(await dev.call.get(`${project.path}/access_tokens/${String(id)}`))).toEqual(
      refusal(401, '401 Unauthorized'),
    );
    expect((await dev.call.get('/personal_access_tokens/self')).status).toBe(200);
  });

  it("an administrator's list of personal tokens has those of bots, and does not say whose; the bot's only row does", async () => {
    const body = { name: world.unique('bot'), scopes: ['read_api'], expires_at: world.day(5) };
    const made = await owner.call.post(`${project.path}/access_tokens`, body);
    if (made.status !== 201) {
      section.doesNotApply(`project access tokens (${String(made.status)} on making one)`);
      return;
    }
    const userId = numberAt(made.json, 'user_id');
    const listed = rows((await must(200, world.admin.get('/personal_access_tokens', { user_id: userId }))).json);
    expect(listed).toMatchObject([{ id: numberAt(made.json, 'id'), user_id: userId, name: body.name }]);
    expect(Object.keys(record(listed[0]))).not.toEqual(expect.arrayContaining(['resource_type']));
    const one = await must(200, world.admin.get(`/personal_access_tokens/${String(numberAt(made.json, 'id'))}`));
    expect(one.json).toMatchObject({ user_id: userId });
    const places = rows((await must(200, world.admin.get(`/users/${String(userId)}/memberships`))).json);
    expect(places).toMatchObject([{ source_id: project.id, source_type: 'Project' }]);
  });

  it('an administrator who names nobody is 404, and others are shown their own alone', async () => {
    expect(said(await world.admin.get('/personal_access_tokens', { user_id: '' }))).toEqual(
      refusal(404, '404 Not Found'),
    );
    const own = rows((await must(200, dev.call.get('/personal_access_tokens'))).json);
    expect(own.map((row) => row['user_id'])).toEqual([dev.id]);
    expect(textAt(own[0], 'name')).not.toBe('');
  });

  it("a service account's tokens are 404 by a group that did not make it, and 403 to who is no Owner", async () => {
    const account = await world.admin.post(`${group.path}/service_accounts`);
    if (account.status !== 201) {
      section.doesNotApply(`service accounts (${String(account.status)} on making one)`);
      return;
    }
    const id = String(numberAt(account.json, 'id'));
    world.cleanUp(() => world.admin.delete(`/users/${id}`, { hard_delete: true }));
    const listed = await must(200, owner.call.get(`${group.path}/service_accounts`, { order_by: 'id', sort: 'asc' }));
    expect(idsOf(listed.json)).toContain(Number(id));
    expect(idsOf(listed.json)).toEqual([...idsOf(listed.json)].sort((a, b) => a - b));
    expect(said(await maintainer.call.get(`${group.path}/service_accounts`))).toEqual(refusal(403, '403 Forbidden'));
    const other = await world.ownedGroup('other', owner);
    const tokens = `service_accounts/${id}/personal_access_tokens`;
    expect(said(await owner.call.get(`${other.path}/${tokens}`))).toEqual(refusal(404, '404 User Not Found'));
    expect(said(await maintainer.call.get(`${group.path}/${tokens}`))).toEqual(refusal(403, '403 Forbidden'));
  });
});

contract('token lists: the places that somebody manages', () => {
  it('groups from Owner up are the own ones and all below, projects from Maintainer up those with that role', async () => {
    const groups = async (by: Person): Promise<number[]> =>
      idsOf(
        (await must(200, by.call.get('/groups', { min_access_level: OWNER, order_by: 'id', sort: 'asc' }))).json,
      ).filter((id) => id === group.id || id === sub.id);
    expect(await groups(owner)).toEqual([group.id, sub.id]);
    expect(await groups(maintainer)).toEqual([]);
    const query = { min_access_level: MAINTAINER, membership: true, simple: true, order_by: 'id', sort: 'asc' };
    const projects = async (by: Person): Promise<number[]> =>
      idsOf((await must(200, by.call.get('/projects', query))).json);
    expect(await projects(owner)).toEqual([project.id]);
    expect(await projects(maintainer)).toEqual([project.id]);
    expect(await projects(dev)).toEqual([]);
  });
});
