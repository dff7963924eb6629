import { describe, expect, it } from '@jest/globals';
import { createReadCache, mayBeAnother } from '../../src/gitlab/read-cache.ts';
import type { About } from '../../src/gitlab/read-cache.ts';

const GROUP = { kind: 'group' as const, id: '5' };
const OTHER = { kind: 'group' as const, id: '6' };
const PROJECT = { kind: 'project' as const, id: '7' };
const rows = (more: Partial<Exclude<About, 'things'>['rows']> = {}): About => ({
  rows: { source: GROUP, userIds: null, below: false, above: false, ...more },
});
const change = (source: typeof GROUP | typeof PROJECT | null, userId: string | null = '1') => ({
  rows: { source, userId },
});

function cacheAt(options: { ttlMs?: number; maxRows?: number } = {}) {
  const clock = { ms: 1_000 };
  const cache = createReadCache({ ttlMs: 3_000, maxRows: 100, nowMs: () => clock.ms, ...options });
  const keep = (owner: object, name: string, more: { rows?: number; about?: About } = {}): void => {
    cache.keep(owner, name, { value: name, readAtMs: clock.ms, about: 'things', rows: 1, ...more });
  };
  return { clock, cache, keep };
}

describe('the read cache', () => {
  it('serves an answer until its time is over, and not when the clock was put back', () => {
    const { clock, cache, keep } = cacheAt();
    const me = {};
    keep(me, 'a');
    clock.ms += 2_999;
    expect(cache.get(me, 'a')).toMatchObject({ value: 'a', readAtMs: 1_000 });
    clock.ms += 1;
    expect(cache.get(me, 'a')).toBeNull();
    keep(me, 'b');
    clock.ms -= 10;
    expect(cache.get(me, 'b')).toBeNull();
  });

  it('keeps what one connection was shown from every other', () => {
    const { cache, keep } = cacheAt();
    const [me, you] = [{}, {}];
    keep(me, 'a');
    expect(cache.get(you, 'a')).toBeNull();
    cache.forget(you, 'anything');
    expect(cache.get(me, 'a')).not.toBeNull();
  });

  it('is bounded by rows: the longest unused goes first, and one that is too large is not kept', () => {
    const { cache, keep } = cacheAt();
    const me = {};
    keep(me, 'a', { rows: 40 });
    keep(me, 'b', { rows: 40 });
    cache.get(me, 'a');
    keep(me, 'c', { rows: 40 });
    keep(me, 'd', { rows: 101 });
    expect(['a', 'b', 'c', 'd'].map((name) => cache.get(me, name)?.value ?? null)).toEqual(['a', null, 'c', null]);
    keep(me, 'a', { rows: 60 });
    expect(cache.get(me, 'c')).not.toBeNull();
  });

  it('keeps nothing when it is off', () => {
    const { cache, keep } = cacheAt({ ttlMs: 0 });
    const me = {};
    keep(me, 'a');
    expect(cache.get(me, 'a')).toBeNull();
  });
});

describe('a change', () => {
  it.each([
    ['of anything', 'anything' as const, 'things' as const, true],
    ['of a row does not touch what things are called', change(GROUP), 'things' as const, false],
    ['of a row at the source', change(GROUP), rows(), true],
    ['of a row at another source does not touch direct rows', change(OTHER), rows(), false],
    ['of a row at another group, which may be above', change(OTHER), rows({ above: true }), true],
    ['of a row at a project, which is above nothing', change(PROJECT), rows({ above: true }), false],
    ['of a row at a project, which may be below', change(PROJECT), rows({ below: true }), true],
    ['of one person does not touch a list of others', change(GROUP, '1'), rows({ userIds: ['2'] }), false],
    ['of one person in a list of people', change(GROUP, '1'), rows({ userIds: ['1', '2'] }), true],
    ['of somebody', change(GROUP, null), rows({ userIds: ['2'] }), true],
    ['of one person somewhere', change(null, '1'), rows(), true],
    ["of one person, in that person's own list", change(OTHER, '1'), rows({ source: null, userIds: ['1'] }), true],
  ])('%s', (_what, changed, about, touched) => {
    expect(mayBeAnother(about, changed)).toBe(touched);
  });
});
