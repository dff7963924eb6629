import { expect, it } from '@jest/globals';
import { GatehouseError } from '../../src/errors.ts';
import { atMostOnePage, fromCursor, ledgerPage, pageSize, toConnection, toCursor } from '../../src/resolvers/paging.ts';

it('a page has 1 to 100 entries; another size is an error, not a clamp', () => {
  expect([pageSize(1), pageSize(100)]).toEqual([1, 100]);
  for (const first of [0, -5, 101]) expect(() => pageSize(first)).toThrow(GatehouseError);
});

it('at most one page of keys may be named', () => {
  const names = Array.from({ length: 101 }, (_name, index) => String(index));
  expect(() => {
    atMostOnePage(names, 'fullPaths');
  }).toThrow('fullPaths names 101; name at most 100');
  atMostOnePage(names.slice(1), 'fullPaths');
});

it('a cursor comes back as its place; what is none is refused', () => {
  expect(fromCursor(toCursor('17'))).toBe('17');
  expect([fromCursor(null), fromCursor(undefined)]).toEqual([null, null]);
  expect(() => fromCursor('17')).toThrow(GatehouseError);
  expect(ledgerPage({ first: 5, after: toCursor('17') })).toEqual({ first: 5, beforeId: '17' });
  expect(() => ledgerPage({ first: 5, after: toCursor('GitLab:x') })).toThrow('another list');
});

it('edges, nodes and page info tell the same, and an empty page has no cursors', () => {
  const page = toConnection(['a', 'b'], (row) => row, { hasNextPage: true, totalCount: 9 });
  expect(page).toEqual({
    edges: [
      { cursor: toCursor('a'), node: 'a' },
      { cursor: toCursor('b'), node: 'b' },
    ],
    nodes: ['a', 'b'],
    pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: toCursor('a'), endCursor: toCursor('b') },
    totalCount: 9,
  });
  expect(toConnection<string>([], (row) => row, { hasNextPage: false })).toEqual({
    edges: [],
    nodes: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    totalCount: null,
  });
});
