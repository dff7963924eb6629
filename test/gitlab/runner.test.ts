import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { GitLabError } from '../../src/gitlab/index.ts';
import { TOKEN, everythingOf, rig } from './support/client.ts';
import type { Rig } from './support/client.ts';
import type { Answer, Seen } from './support/server.ts';

let open: Rig | null = null;
afterEach(async () => {
  jest.restoreAllMocks();
  await open?.close();
  open = null;
});

type Body = { query: string; variables: Record<string, string> };

/** The paths that a query asks for, by the name of the part. */
function asked(seen: Seen): [string, string][] {
  const { variables } = JSON.parse(seen.body) as Body;
  return Object.entries(variables)
    .filter(([name]) => name.endsWith('_fullPath'))
    .map(([name, path]) => [name.replace('_fullPath', ''), path]);
}

const INSTANCE = {
  p0_currentUser: { id: 'gid://gitlab/User/42' },
  p0_metadata: { version: '18.9.0-ee' },
  p0_queryComplexity: { limit: 250 },
};

function group(path: string): unknown {
  const webUrl = `https://gitlab.example.com/groups/${path}`;
  return { id: 'gid://gitlab/Group/5', fullPath: path, name: path, visibility: 'private', webUrl, parent: null };
}

type Special = (path: string) => { value: unknown; message?: string };

function answering(special: Special, head: Record<string, unknown> = INSTANCE): (seen: Seen) => Answer {
  return (seen) => {
    const data: Record<string, unknown> = { ...head };
    const errors: unknown[] = [];
    for (const [part, path] of asked(seen)) {
      const { value, message } = special(path);
      data[`${part}_group`] = value;
      if (message !== undefined) errors.push({ message, path: [`${part}_group`] });
    }
    return { status: 200, json: errors.length === 0 ? { data } : { data, errors } };
  };
}

const PATHS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const NO_ACCESS =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";

describe('a packed read', () => {
  it('answers every key from one call', async () => {
    open = await rig(answering((path) => ({ value: group(path) })));
    const found = await open.client.groupsByPath(PATHS);
    expect([...found.keys()]).toEqual(PATHS);
    expect(found.get('c')).toMatchObject({ kind: 'group', id: '5', fullPath: 'c', visibility: 'PRIVATE' });
    expect(open.server.seen).toHaveLength(1);
  });

  it('gathers what different callers ask in the same turn', async () => {
    open = await rig(answering((path) => ({ value: group(path) })));
    const { client } = open;
    await Promise.all(PATHS.map(async (path) => client.groupsByPath([path])));
    expect(open.server.seen).toHaveLength(1);
  });

  it('keeps a failed key to itself', async () => {
    open = await rig(
      answering((path) => (path === 'c' ? { value: null, message: NO_ACCESS } : { value: group(path) })),
    );
    const found = await open.client.groupsByPath([...PATHS, 'gone']);
    expect(found.get('c')).toMatchObject({ code: 'FORBIDDEN' });
    expect(found.get('d')).toMatchObject({ fullPath: 'd' });
  });

  it('tells what is not shown from what failed', async () => {
    open = await rig(answering((path) => ({ value: path === 'b' ? null : group(path) })));
    expect((await open.client.groupsByPath(PATHS)).get('b')).toBeNull();
  });

  it('keeps an unreadable value to its key', async () => {
    open = await rig(answering((path) => ({ value: path === 'b' ? { id: 5 } : group(path) })));
    const found = await open.client.groupsByPath(PATHS);
    expect(found.get('b')).toMatchObject({ code: 'UNREADABLE' });
    expect(found.get('a')).toMatchObject({ fullPath: 'a' });
  });

  it('does not take an answer to nobody for "no such thing"', async () => {
    open = await rig(answering(() => ({ value: null }), { ...INSTANCE, p0_currentUser: null }));
    expect((await open.client.groupsByPath(['a'])).get('a')).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('asks what a query may cost once, not with each', async () => {
    open = await rig(answering((path) => ({ value: group(path) })));
    await open.client.groupsByPath(['a']);
    await open.client.groupsByPath(['b']);
    expect(open.server.seen.map((seen) => seen.body.includes('queryComplexity'))).toEqual([true, false]);
  });
});

/** A version that has no list of groups by number, so that every path is asked for in full. */
const OLD = { ...INSTANCE, p0_metadata: { version: '17.0.0-ee' } };

describe('a refused query', () => {
  /** Refuses more than so many questions in one query. */
  const overLimit = (most: number, text: string, status = 200): ((seen: Seen) => Answer) => {
    const fine = answering((path) => ({ value: group(path) }), OLD);
    return (seen) => (asked(seen).length > most ? { status, json: { errors: [{ message: text }] } } : fine(seen));
  };

  const isWhole = (found: ReadonlyMap<string, unknown>): boolean =>
    [...found.values()].every((value) => value !== null && !(value instanceof GitLabError));

  const sizes = (): number[] => open?.server.seen.map((seen) => asked(seen).length) ?? [];

  it.each([
    ['too slow to validate', 'Timeout on validation of query', 200],
    ['an exception', 'Internal server error', 500],
    ['a time-out of the database', 'Request timed out. Please try a less complex query', 503],
    ['too large', 'Query too large', 422],
  ])('that is %s is divided until it passes', async (_why, text, status) => {
    open = await rig(overLimit(2, text, status));
    expect(isWhole(await open.client.groupsByPath(PATHS))).toBe(true);
    expect(open.server.seen).toHaveLength(7);
  });

  it('that is over the limit of points is packed anew for the limit that GitLab names', async () => {
    open = await rig(overLimit(2, 'Query has complexity of 70, which exceeds max complexity of 30'));
    expect(isWhole(await open.client.groupsByPath(PATHS))).toBe(true);
    expect(sizes()).toEqual([8, 2, 2, 2, 2]);
  });

  it('that GitLab counts as dearer than we do is packed anew by what it counts', async () => {
    const fine = answering((path) => ({ value: group(path) }), OLD);
    open = await rig((seen) => {
      const counted = asked(seen).length * 24;
      const message = `Query has complexity of ${String(counted)}, which exceeds max complexity of 250`;
      return counted > 250 ? { status: 200, json: { errors: [{ message }] } } : fine(seen);
    });
    const paths = [...PATHS, ...PATHS.map((path) => `${path}/x`)];
    expect(isWhole(await open.client.groupsByPath(paths))).toBe(true);
    expect(sizes()).toEqual([16, 10, 6]);
  });

  it.each([
    ['the limit of points', 'Query has complexity of 70, which exceeds max complexity of 30', 200],
    ['what validation bears', 'Timeout on validation of query', 200],
    ['what time allows', 'Request timed out. Please try a less complex query', 503],
  ])('lowers what later queries hold to %s', async (_why, text, status) => {
    open = await rig(overLimit(2, text, status));
    await open.client.groupsByPath(PATHS);
    const before = open.server.seen.length;
    await open.client.groupsByPath(PATHS);
    expect(sizes().slice(before)).toEqual([2, 2, 2, 2]);
  });

  it('is forgotten after a while', async () => {
    let refusing = true;
    const fine = answering((path) => ({ value: group(path) }), OLD);
    const refuse = overLimit(2, 'Timeout on validation of query');
    open = await rig((seen) => (refusing ? refuse(seen) : fine(seen)));
    await open.client.groupsByPath(PATHS);
    refusing = false;
    const later = performance.now() + 600_000;
    jest.spyOn(performance, 'now').mockImplementation(() => later);
    await open.client.groupsByPath(PATHS);
    expect(sizes().at(-1)).toBe(8);
  });

  it('of another version of GitLab is forgotten', async () => {
    let version = '17.0.0-ee';
    const answer = (seen: Seen): Answer => {
      const head = { ...INSTANCE, p0_metadata: { version } };
      const tooMany = version === '17.0.0-ee' && asked(seen).length > 2;
      return tooMany
        ? { status: 200, json: { errors: [{ message: 'Timeout on validation of query' }] } }
        : answering((path) => ({ value: group(path) }), head)(seen);
    };
    open = await rig(answer);
    await open.client.groupsByPath(PATHS);
    version = '17.1.0-ee';
    const later = performance.now() + 600_000;
    jest.spyOn(performance, 'now').mockImplementation(() => later);
    await open.client.groupsByPath(['a']);
    await open.client.groupsByPath(PATHS);
    expect(sizes().at(-1)).toBe(8);
  });

  it('leaves the error with the one key that spoils it', async () => {
    const fine = answering((path) => ({ value: group(path) }));
    open = await rig((seen) =>
      asked(seen).some(([, path]) => path === 'e')
        ? { status: 500, json: { errors: [{ message: 'Internal server error' }] } }
        : fine(seen),
    );
    const found = await open.client.groupsByPath(PATHS);
    expect([...found].filter(([, value]) => value instanceof GitLabError).map(([key]) => key)).toEqual(['e']);
  });

  it('asks a field that ran out of time again, by itself', async () => {
    open = await rig((seen) => {
      const slow = asked(seen).length > 1;
      return answering((path) =>
        slow && path === 'h' ? { value: null, message: 'Timeout on Query.group' } : { value: group(path) },
      )(seen);
    });
    const found = await open.client.groupsByPath(PATHS);
    expect(found.get('h')).toMatchObject({ fullPath: 'h' });
    expect(open.server.seen).toHaveLength(2);
  });

  it('is bounded where everything fails', async () => {
    open = await rig(() => ({ status: 500, json: { errors: [{ message: 'Internal server error' }] } }));
    const found = await open.client.groupsByPath(Array.from({ length: 30 }, (_, index) => `g${String(index)}`));
    expect([...found.values()].every((value) => value instanceof GitLabError && value.code === 'UNAVAILABLE')).toBe(
      true,
    );
    expect(open.server.seen.length).toBeLessThanOrEqual(25);
  });
});

describe('a call that fails as a whole', () => {
  it.each([
    [
      'a token that is not accepted',
      { status: 401, json: { errors: [{ message: 'Invalid token' }] } },
      'UNAUTHENTICATED',
    ],
    [
      'a blocked robot',
      { status: 403, json: { errors: [{ message: 'API not accessible for user' }] } },
      'ACCOUNT_BLOCKED',
    ],
    ['a query over the size', { status: 422, json: { errors: [{ message: 'Query too large' }] } }, 'QUERY_REFUSED'],
    ['a throttle', { status: 429, headers: { 'retry-after': '60' }, body: 'Retry later\n' }, 'RATE_LIMITED'],
    ['a proxy page', { status: 503, body: '<html></html>' }, 'UNAVAILABLE'],
    ['a foreign page', { status: 200, body: '<html></html>' }, 'NOT_GITLAB'],
    ['foreign JSON', { status: 200, json: { data: 7 } }, 'UNREADABLE'],
  ])('is the error of each key: %s', async (_what, answer, code) => {
    open = await rig(() => answer);
    const found = await open.client.groupsByPath(['a', 'b']);
    expect([...found.values()].map((value) => (value instanceof GitLabError ? value.code : value))).toEqual([
      code,
      code,
    ]);
  });

  it('does not repeat values that GitLab quotes', async () => {
    const message = `Variable $p1_fullPath of type ID! was provided invalid value ${TOKEN}`;
    open = await rig(() => ({ status: 200, json: { errors: [{ message }] } }));
    const error = (await open.client.groupsByPath(['a'])).get('a');
    expect(error instanceof GitLabError && !everythingOf(error).includes(TOKEN)).toBe(true);
  });
});
