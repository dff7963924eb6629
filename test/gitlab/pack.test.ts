import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, parse, validate } from 'graphql';
import { readFileSync } from 'node:fs';
import * as operations from '../../src/gitlab/generated/operations.ts';
import { complexity } from '../../src/gitlab/packing/cost.ts';
import { mergedDocument, mergedVariables, prefix } from '../../src/gitlab/packing/merge.ts';
import { pack } from '../../src/gitlab/packing/pack.ts';
import type { PackLimits } from '../../src/gitlab/packing/pack.ts';
import type { Part } from '../../src/gitlab/packing/part.ts';

const DOCUMENTS = [
  { document: operations.GroupByPathDocument, rows: 0, variables: { fullPath: 'a/b' } },
  { document: operations.ProjectByPathDocument, rows: 0, variables: { fullPath: 'a/b' } },
  { document: operations.UserByUsernameDocument, rows: 0, variables: { username: 'alice' } },
  { document: operations.GroupsByIdDocument, rows: 0, variables: { ids: ['gid://gitlab/Group/1'], count: 1 } },
  {
    document: operations.GroupMembersDocument,
    rows: 2_000,
    variables: { ids: [], count: 20, relations: [], first: 100 },
  },
  {
    document: operations.ProjectMembersDocument,
    rows: 400,
    variables: { ids: [], count: 20, relations: [], first: 20 },
  },
];

function partOf(kind: number): Part {
  const { document, rows, variables } = DOCUMENTS[kind] ?? {
    document: operations.CallerDocument,
    rows: 0,
    variables: {},
  };
  const points = complexity(document, variables);
  return { document, variables, rows, points, settle: () => null, fail: () => undefined, split: () => [] };
}

const someParts = fc
  .array(fc.integer({ min: 0, max: DOCUMENTS.length - 1 }), { maxLength: 120 })
  .map((kinds) => kinds.map(partOf));
const someLimits: fc.Arbitrary<PackLimits> = fc.record({
  points: fc.integer({ min: 60, max: 290 }),
  textLength: fc.integer({ min: 2_000, max: 9_500 }),
  rows: fc.integer({ min: 2_000, max: 6_000 }),
  parts: fc.integer({ min: 1, max: 50 }),
});

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('packing', () => {
  it('puts every part into exactly one request', () => {
    fc.assert(
      fc.property(someParts, someLimits, (parts, limits) => {
        const packed = pack(parts, limits).flat();
        expect(packed).toHaveLength(parts.length);
        expect(new Set(packed)).toEqual(new Set(parts));
      }),
    );
  });

  it('puts no request over a limit, its text as it is really sent included', () => {
    fc.assert(
      fc.property(someParts, someLimits, (parts, limits) => {
        for (const together of pack(parts, limits)) {
          if (together.length === 1) continue;
          expect(sum(together.map((part) => part.points))).toBeLessThanOrEqual(limits.points);
          expect(sum(together.map((part) => part.rows))).toBeLessThanOrEqual(limits.rows);
          expect(together.length).toBeLessThanOrEqual(limits.parts);
          expect(mergedDocument(together.map((part) => part.document)).text.length).toBeLessThanOrEqual(
            limits.textLength,
          );
        }
      }),
    );
  });

  it('wastes no request: no two of them would have fitted into one', () => {
    fc.assert(
      fc.property(someParts, (parts) => {
        const limits = { points: 240, textLength: 1e9, rows: 1e9, parts: 1e9 };
        const costs = pack(parts, limits).map((together) => sum(together.map((part) => part.points)));
        costs.forEach((cost, index) => {
          for (const other of costs.slice(index + 1)) expect(cost + other).toBeGreaterThan(limits.points);
        });
      }),
    );
  });

  it('needs one request for 30 groups by path at the limit of a signed-in user', () => {
    const limits = { points: 240, textLength: 9_500, rows: 4_000, parts: 50 };
    expect(
      pack(
        Array.from({ length: 30 }, () => partOf(0)),
        limits,
      ),
    ).toHaveLength(1);
  });
});

describe('a packed query', () => {
  const schema = buildSchema(readFileSync(new URL('../../src/gitlab/schema.graphql', import.meta.url), 'utf8'));

  it('is valid, costs the sum of its parts and holds no value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: DOCUMENTS.length - 1 }), { minLength: 1, maxLength: 12 }),
        (kinds) => {
          const parts = kinds.map(partOf);
          const document = parse(mergedDocument(parts.map((part) => part.document)).text);
          expect(validate(schema, document)).toEqual([]);
          const variables = mergedVariables(parts.map((part) => part.variables));
          expect(complexity(document, variables)).toBe(sum(parts.map((part) => part.points)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is the same text for the same shape, whatever the values', () => {
    const documents = [operations.GroupByPathDocument, operations.UserByIdDocument];
    expect(mergedDocument(documents)).toBe(mergedDocument([...documents]));
    expect(mergedDocument(documents).text).toContain(`${prefix(1)}user:user(id:$${prefix(1)}id)`);
  });

  it('leaves out what is not given, so that defaults hold', () => {
    expect(mergedVariables([{ search: null, first: 20 }, { after: 'x' }])).toEqual({ p0_first: 20, p1_after: 'x' });
  });
});
