import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { canonicalHash, canonicalJson, storableJson } from '../../src/store/canonical.ts';
import { eachStore } from '../support/stores.ts';

/** Any JSON value, with every kind of character and number, also those that PostgreSQL refuses. */
const anyJson = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });

describe('canonical JSON', () => {
  it('is one text whatever the order of the keys', () => {
    const shuffled = fc.dictionary(fc.string(), anyJson).chain((object) =>
      fc.shuffledSubarray(Object.entries(object), { minLength: Object.keys(object).length }).map((entries) => ({
        object,
        again: Object.fromEntries(entries),
      })),
    );
    fc.assert(
      fc.property(shuffled, ({ object, again }) => {
        expect(canonicalJson(again)).toBe(canonicalJson(object));
      }),
    );
  });

  it('says the same as JSON: nothing but order and unstorable characters is lost', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('tells different values apart', () => {
    const values = [null, 0, '0', '', [], {}, [[]], [null], { a: null }, { a: 1 }, { a: '1' }, { a: { b: 1 } }, true];
    expect(new Set(values.map(canonicalHash)).size).toBe(values.length);
  });

  it('takes big integers and dates as text and drops what JSON has no word for', () => {
    const value = { big: 9007199254740993n, at: new Date('2026-01-01T00:00:00Z'), gone: undefined, nan: Number.NaN };
    expect(canonicalJson(value)).toBe('{"at":"2026-01-01T00:00:00.000Z","big":"9007199254740993","nan":null}');
    expect(canonicalJson(undefined)).toBe('null');
  });

  eachStore((under) => {
    it('comes out the same after the value went through jsonb', async () => {
      await fc.assert(
        fc.asyncProperty(anyJson, async (value) => {
          const text = JSON.stringify({ value: storableJson(value) });
          const { rows } = await sql<{ stored: { value: unknown } }>`select ${text}::jsonb as stored`.execute(
            under.store().db,
          );
          expect(canonicalJson(rows[0]?.stored.value)).toBe(canonicalJson(value));
        }),
        { numRuns: 60 },
      );
    });
  });
});
