import { describe, expect, it } from '@jest/globals';
import { createStatementNames } from '../../src/store/prepared.ts';

const times = <T>(count: number, make: (nth: number) => T): T[] => Array.from({ length: count }, (_, nth) => make(nth));

describe('the names of statements that are kept prepared', () => {
  it('are given from the third time on, one for each text', () => {
    const nameOf = createStatementNames();
    expect(times(4, () => nameOf('select 1'))).toEqual([null, null, 's0', 's0']);
    expect(times(4, () => nameOf('select 2'))).toEqual([null, null, 's1', 's1']);
    expect(nameOf('select 1')).toBe('s0');
  });

  it('are not given to texts that come seldom among many others', () => {
    const nameOf = createStatementNames();
    const seen = times(5, (round) => [
      nameOf('seldom'),
      ...times(400, (nth) => nameOf(`${String(round)} ${String(nth)}`)),
    ]);
    expect(new Set(seen.flat())).toEqual(new Set([null]));
  });

  it('are no more than the database has room for', () => {
    const nameOf = createStatementNames();
    const names = times(1_000, (nth) => times(3, () => nameOf(`select ${String(nth)}`)).at(-1));
    expect(new Set(names)).toEqual(new Set([null, ...times(300, (nth) => `s${String(nth)}`)]));
  });
});
