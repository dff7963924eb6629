import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MembersQuery } from '../../src/gitlab/index.ts';
import { fieldsFor } from '../../src/gitlab/reads/member-fields.ts';
import type { FieldLimits } from '../../src/gitlab/reads/member-fields.ts';

const LIMITS: FieldLimits = {
  rows: 4_000,
  points: 240,
  rowsOf: ({ first }) => first,
  pointsOf: (_field, parents) => Math.floor(72 * (1 + parents / 100)),
};

function question(id: number, more: Partial<MembersQuery> = {}): MembersQuery {
  const base = { search: null, userIds: null, first: 100, after: null, fullPath: `g${String(id)}` };
  return {
    ...base,
    key: JSON.stringify([id, more]),
    kind: 'group',
    id: String(id),
    relations: ['DIRECT'],
    ...more,
  } as MembersQuery;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('questions about members', () => {
  it('are each in exactly one field, which asks for all that the question needs and keeps to the limits', () => {
    const some = fc.array(
      fc.record({
        id: fc.integer({ min: 1, max: 60 }),
        people: fc.option(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })),
        after: fc.option(fc.constantFrom('x', 'y')),
        relations: fc.constantFrom(['DIRECT' as const], ['INHERITED' as const]),
      }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(some, (all) => {
        const questions = all.map(({ id, people, after, relations }, index) =>
          question(id, {
            key: String(index),
            relations,
            after,
            userIds: people === null ? null : [...new Set(people)].map(String),
          }),
        );
        const fields = fieldsFor(questions, LIMITS);
        const keys = fields.flatMap((field) => field.questions.map(({ key }) => key));
        expect([...keys].sort()).toEqual(questions.map(({ key }) => key).sort());
        for (const field of fields) {
          expect(field.parents.length).toBeLessThanOrEqual(100);
          expect(field.first).toBeLessThanOrEqual(100);
          for (const { id, kind, relations, userIds, after } of field.questions) {
            expect(field.parents).toContain(id);
            expect([field.kind, field.relations, field.after]).toEqual([kind, relations, after]);
            expect(field.userIds === null).toBe(userIds === null);
            expect(field.userIds ?? []).toEqual(expect.arrayContaining([...(userIds ?? [])]));
          }
        }
      }),
    );
  });

  it.each([
    ['everybody in 100 groups with up to 100 rows each', upTo(100).map((id) => question(id)), 3],
    ['one person in 100 groups', upTo(100).map((id) => question(id, { userIds: ['7'], first: 1 })), 1],
    ['100 people in one group', upTo(100).map((id) => question(1, { userIds: [String(id)], first: 1 })), 1],
    [
      'the same ten people in ten groups',
      upTo(10).flatMap((id) => upTo(10).map((user) => question(id, { userIds: [String(user)], first: 1 }))),
      1,
    ],
  ])('ask for %s in few fields', (_what, questions, fields) => {
    expect(fieldsFor(questions, LIMITS)).toHaveLength(fields);
  });

  it('look for nobody where he was not asked for, beyond a few', () => {
    const apart = upTo(40).map((id) => question(id, { userIds: [String(id)], first: 1 }));
    const looked = fieldsFor(apart, LIMITS).reduce(
      (sum, { parents, userIds }) => sum + parents.length * (userIds?.length ?? 0),
      0,
    );
    expect(looked).toBeLessThanOrEqual(4 * apart.length);
  });
});
