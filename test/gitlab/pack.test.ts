import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, parse, validate } from 'graphql';
import type { DocumentNode } from 'graphql';
import { readFileSync } from 'node:fs';
import * as operations from '../../src/gitlab/generated/operations.ts';
import { limitsFor } from '../../src/gitlab/graphql/capacity.ts';
import { complexity } from '../../src/gitlab/packing/cost.ts';
import { mergedDocument, mergedVariables, prefix } from '../../src/gitlab/packing/merge.ts';
import { fewestPacks, pack } from '../../src/gitlab/packing/pack.ts';
import type { PackLimits } from '../../src/gitlab/packing/pack.ts';
import { pad } from '../../src/gitlab/packing/pad.ts';
import type { Part } from '../../src/gitlab/packing/part.ts';
import { gitlabPoints } from './support/points.ts';

const PEOPLE = { ids: ['gid://gitlab/User/1'], first: 100 };
const ROWS = { ids: [], relations: ['DIRECT'] };
const KINDS: { document: DocumentNode; rows: number; variables: Record<string, unknown> }[] = [
  { document: operations.GroupByPathDocument, rows: 0, variables: { fullPath: 'a/b' } },
  { document: operations.GroupIdByPathDocument, rows: 0, variables: { fullPath: 'a/b' } },
  { document: operations.ProjectByPathDocument, rows: 0, variables: { fullPath: 'a/b' } },
  { document: operations.UserByUsernameDocument, rows: 0, variables: { username: 'alice' } },
  { document: operations.UserByIdDocument, rows: 0, variables: { id: 'gid://gitlab/User/1' } },
  { document: operations.GroupsByIdDocument, rows: 0, variables: { ids: ['gid://gitlab/Group/1'], count: 100 } },
  { document: operations.ProjectsByPathDocument, rows: 0, variables: { fullPaths: ['a'], count: 50 } },
  { document: operations.GroupMembersDocument, rows: 2_000, variables: { ...ROWS, count: 20, first: 100 } },
  { document: operations.GroupMembersDocument, rows: 300, variables: { ...ROWS, count: 3, first: 100, search: 'al' } },
  { document: operations.ProjectMembersDocument, rows: 400, variables: { ...ROWS, count: 20, first: 20 } },
  { document: operations.GroupMembershipsDocument, rows: 1_000, variables: { ...PEOPLE, count: 10 } },
];

function partOf(kind: number): Part {
  const { document, rows, variables } = KINDS[kind % KINDS.length] ?? {
    document: operations.CallerDocument,
    rows: 0,
    variables: {},
  };
  const points = complexity(document, variables);
  return { document, variables, rows, points, settle: () => null, fail: () => undefined, split: () => [] };
}

const kind = fc.integer({ min: 0, max: KINDS.length - 1 });
const someParts = fc.array(kind, { maxLength: 120 }).map((kinds) => kinds.map(partOf));
const someLimits: fc.Arbitrary<PackLimits> = fc.record({
  points: fc.integer({ min: 90, max: 290 }),
  textLength: fc.integer({ min: 2_000, max: 9_500 }),
  rows: fc.integer({ min: 2_000, max: 6_000 }),
  parts: fc.integer({ min: 1, max: 120 }),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const textOf = (parts: readonly Part[]): string => mergedDocument(parts.map((part) => part.document)).text;
const variablesOf = (parts: readonly Part[]): Record<string, unknown> =>
  mergedVariables(parts.map((part) => part.variables));

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

  it('puts no request over a limit as GitLab counts it, its text as it is really sent and what fills it up included', () => {
    fc.assert(
      fc.property(someParts, someLimits, (parts, limits) => {
        for (const own of pack(parts, limits)) {
          if (own.length === 1 && (own[0]?.points ?? 0) > limits.points) continue;
          const sent = pad(own, limits);
          expect(gitlabPoints(textOf(sent), variablesOf(sent))).toBeLessThanOrEqual(limits.points);
          expect(textOf(sent).length).toBeLessThanOrEqual(limits.textLength);
          expect(sum(sent.map((part) => part.rows))).toBeLessThanOrEqual(limits.rows);
          expect(sent.length).toBeLessThanOrEqual(limits.parts);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('needs at most one request more than would do, for what the gateway asks', () => {
    fc.assert(
      fc.property(someParts, fc.constantFrom(200, 250, 300), (parts, limit) => {
        const limits = { ...limitsFor(limit), textLength: 1e9 };
        expect(pack(parts, limits).length).toBeLessThanOrEqual(best(parts, limits) + 1);
      }),
      { numRuns: 300 },
    );
  });

  it('needs at most one request more than the best that there is, for any sizes', () => {
    const sizes = fc.record({ points: fc.integer({ min: 1, max: 100 }), rows: fc.integer({ min: 0, max: 100 }) });
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 10 }), (all) => {
        const parts = all.map((size) => ({ ...partOf(0), ...size }));
        const limits = { points: 100, rows: 100, textLength: 1e9, parts: 8 };
        expect(pack(parts, limits).length).toBeLessThanOrEqual(optimum(parts, limits) + 1);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [30, 0, 1],
    [119, 1, 1],
    [1_000, 5, 1],
    [40, 7, 20],
  ])('of %i questions at the limit of a signed-in user: kind %i needs %i', (count, which, requests) => {
    const parts = Array.from({ length: which === 5 ? count / 100 : count }, () => partOf(which));
    expect(pack(parts, limitsFor(250))).toHaveLength(requests);
  });
});

/** No fewer requests than this can do: what the limits say, and that two parts of more than half a limit never share one. */
function best(parts: readonly Part[], limits: PackLimits): number {
  const large = parts.filter((part) => part.points > limits.points / 2 || part.rows > limits.rows / 2).length;
  return Math.max(fewestPacks(parts, limits), large);
}

/** The fewest requests that hold these, by trying every way. */
function optimum(parts: readonly Part[], limits: PackLimits): number {
  let fewest = parts.length;
  const bins: { points: number; rows: number; parts: number }[] = [];
  const place = (index: number): void => {
    if (bins.length >= fewest) return;
    const part = parts[index];
    if (part === undefined) {
      fewest = bins.length;
      return;
    }
    for (const bin of bins) {
      if (bin.points + part.points > limits.points || bin.rows + part.rows > limits.rows) continue;
      if (bin.parts >= limits.parts) continue;
      Object.assign(bin, { points: bin.points + part.points, rows: bin.rows + part.rows, parts: bin.parts + 1 });
      place(index + 1);
      Object.assign(bin, { points: bin.points - part.points, rows: bin.rows - part.rows, parts: bin.parts - 1 });
    }
    bins.push({ points: part.points, rows: part.rows, parts: 1 });
    place(index + 1);
    bins.pop();
  };
  place(0);
  return fewest;
}

describe('a packed query', () => {
  const schema = buildSchema(readFileSync(new URL('../../src/gitlab/schema.graphql', import.meta.url), 'utf8'));

  it('is valid, costs the sum of its parts and holds no value', () => {
    fc.assert(
      fc.property(fc.array(kind, { minLength: 1, maxLength: 12 }), (kinds) => {
        const parts = kinds.map(partOf);
        const document = parse(textOf(parts));
        expect(validate(schema, document)).toEqual([]);
        expect(complexity(document, variablesOf(parts))).toBe(sum(parts.map((part) => part.points)));
        expect(textOf(parts)).not.toContain('gid://');
      }),
      { numRuns: 40 },
    );
  });

  it('is the same text for the same shape, whatever the values', () => {
    const documents = [operations.GroupByPathDocument, operations.UserByIdDocument];
    expect(mergedDocument(documents)).toBe(mergedDocument([...documents]));
    expect(mergedDocument(documents).text).toContain(`${prefix(1)}user:user(id:$${prefix(1)}id)`);
  });

  it('is one of a few texts for each kind of question, however many are asked', () => {
    const limits = limitsFor(250);
    for (const [which] of KINDS.entries()) {
      const texts = new Set<string>();
      for (let count = 1; count <= 400; count += 1) {
        const parts = Array.from({ length: count }, () => partOf(which));
        for (const own of pack(parts, limits)) texts.add(textOf(pad(own, limits)));
      }
      expect(texts.size).toBeLessThanOrEqual(16);
    }
  });

  it('is the same text in whatever order the questions come', () => {
    fc.assert(
      fc.property(fc.array(kind, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (kinds, random) => {
        const shuffled = kinds
          .map((one) => ({ one, at: random.next().value }))
          .sort((a, b) => Number(a.at) - Number(b.at))
          .map(({ one }) => one);
        const limits = { points: 1e9, rows: 1e9, textLength: 1e9, parts: 1e9 };
        const texts = (order: readonly number[]): string[] => pack(order.map(partOf), limits).map(textOf);
        expect(texts(shuffled)).toEqual(texts(kinds));
      }),
      { numRuns: 50 },
    );
  });

  it('leaves out what is not given, so that defaults hold', () => {
    expect(mergedVariables([{ search: null, first: 20 }, { after: 'x' }])).toEqual({ p0_first: 20, p1_after: 'x' });
  });
});
