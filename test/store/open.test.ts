import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { eachStore } from '../support/stores.ts';

describe('a store', () => {
  eachStore((under) => {
    it('gives bigint as text, timestamptz as Date and jsonb as a value', async () => {
      const { rows } = await sql`
        select 9007199254740993::bigint as big, timestamptz '2026-01-02T03:04:05.678Z' as at, '{"a":[1]}'::jsonb as json
      `.execute(under.store().db);
      expect(rows).toEqual([{ big: '9007199254740993', at: new Date('2026-01-02T03:04:05.678Z'), json: { a: [1] } }]);
    });
  });
});
