import { beforeAll, expect, it } from '@jest/globals';
import type { Answer } from './helpers/http.ts';
import { at, record } from './helpers/json.ts';
import { contract } from './helpers/section.ts';
import { DEVELOPER, openWorld } from './helpers/world.ts';
import type { Person, Source } from './helpers/world.ts';

const DEFAULT_MEMBERS_ALL_LIMIT = 200;
const AT_ONCE = 10;
const world = openWorld();
let reader: Person;
let project: Source;

beforeAll(async () => {
  reader = await world.person('reader');
  const group = await world.group('group', { parent: world.root });
  project = await world.project('project', group);
  await world.member(group, reader, DEVELOPER);
  await world.canRead(project, reader);
});

/** What the instance allows of GET members/all in a minute: its setting where it tells, else the default. 0 is no limit. */
async function membersAllLimit(): Promise<number> {
  const settings = await world.admin.get('/application/settings');
  const told = settings.status === 200 ? record(settings.json)['project_members_api_limit'] : undefined;
  return typeof told === 'number' ? told : DEFAULT_MEMBERS_ALL_LIMIT;
}

/** Asks until refused, at most twice the limit and a bit: a minute may end on the way. */
async function untilRefused(limit: number): Promise<Answer | undefined> {
  const ask = () => reader.call.send('GET', `${project.path}/members/all`, { query: { per_page: 1 }, patient: false });
  for (let asked = 0; asked < 2 * limit + AT_ONCE; asked += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, ask));
    const refused = answers.find((answer) => answer.status === 429);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

contract('rate limits', (section) => {
  it('RateLimit headers come all five together, as whole numbers of a named throttle', async () => {
    const { headers } = await reader.call.get('/user');
    const names = ['ratelimit-name', 'ratelimit-limit', 'ratelimit-observed', 'ratelimit-remaining', 'ratelimit-reset'];
    const values = names.map((name) => headers.get(name));
    if (values.every((value) => value === null)) {
      section.doesNotApply('RateLimit headers (no throttle is active on this instance)');
      expect(headers.get('ratelimit-resettime')).toBeNull();
      return;
    }
    expect(values).not.toContain(null);
    const [limit, observed, remaining, reset] = values.slice(1).map(Number);
    expect([limit, observed, remaining, reset].every((value) => Number.isSafeInteger(value))).toBe(true);
    expect(observed).toBeGreaterThan(0);
    expect(remaining).toBeGreaterThanOrEqual(0);
    expect(values[0]).toMatch(/^throttle_/);
  });

  it('one call too many of members/all is 429 with Retry-After of a whole minute and its text under message.error', async () => {
    if (!world.since(18, 6)) {
      section.doesNotApply('the limit of members/all (GitLab 18.6 brought it)');
      return;
    }
    const limit = await membersAllLimit();
    if (limit === 0) {
      section.doesNotApply('the limit of members/all (switched off on this instance)');
      return;
    }
    const refused = await untilRefused(limit);
    expect(refused?.status).toBe(429);
    expect(refused?.headers.get('retry-after')).toBe('60');
    expect(at(refused?.json, 'message', 'error')).toBe(
      'This endpoint has been requested too many times. Try again later.',
    );
    expect(refused?.headers.get('ratelimit-name') ?? 'none').toMatch(/^(none$|throttle_)/);
  });

  it("the limit is the endpoint's and the user's own: one member and other users are answered", async () => {
    const single = await reader.call.send('GET', `${project.path}/members/all/${String(reader.id)}`, {
      patient: false,
    });
    expect(single.status).toBe(200);
    const other = await world.admin.send('GET', `${project.path}/members/all`, { patient: false });
    expect(other.status).toBe(200);
  });

  section.notAsked('the general throttle and its text/plain body (off unless an administrator switches it on)');
  section.notAsked(
    '60 removals a minute in one source, 200 group lists, 300 users in 10 minutes: one limit stands for the kind',
  );
});
