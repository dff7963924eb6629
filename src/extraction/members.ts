import { z } from 'zod';
import { sourceKey } from '../gitlab/bulk/records.ts';
import type { BulkMember } from '../gitlab/bulk/records.ts';
import { GitLabError, transient } from '../gitlab/errors.ts';
import type { StagedRows, StagedSource } from '../store/extraction-stage.ts';
import type { NewUnknown } from '../store/extraction-steps.ts';
import type { Store } from '../store/store.ts';
import { eachOf } from './parallel.ts';
import type { Reading } from './reading.ts';
import { lotsOf, stepOf } from './sources.ts';
import { unreadSource } from './unknown.ts';

/** Sources whose first pages come together, and lots under way at once: with pages of 100 this bounds what is in memory. */
const LOT = 20;
const WIDTH = 4;

const stateSchema = z.object({ rest: z.record(z.string(), z.string().nullable()) });

function memberRows({ kind, id }: StagedSource, items: readonly BulkMember[]): NonNullable<StagedRows['members']> {
  return items.map(({ userId, accessLevel, expiresAt, createdAt }) => ({
    source_kind: kind,
    source_id: id,
    user_id: userId,
    access_level: accessLevel,
    member_role_id: null,
    expires_at: expiresAt,
    created_at: createdAt,
  }));
}

/** Reads the direct rows of a lot, page after page; sources that cannot be read are noted, and never empty (S37). */
async function readLot(reading: Reading, lot: readonly StagedSource[]): Promise<void> {
  const step = stepOf('members', lot);
  const begun = reading.step(step);
  if (begun?.done === true) return;
  const rest = new Map<string, string | null>(
    begun === null ? lot.map(({ id }) => [id, null]) : Object.entries(stateSchema.parse(begun.state).rest),
  );
  for (let tries = 1; rest.size > 0;) {
    const asked = lot.filter(({ id }) => rest.has(id));
    const pages = asked.map((source) => ({ ...source, after: rest.get(source.id) ?? null }));
    const answers = await reading.ask(() => reading.bulk.members(pages));
    const failures = new Map<StagedSource, GitLabError | null>();
    const members: NonNullable<StagedRows['members']>[number][] = [];
    for (const source of asked) {
      const answer = answers.get(sourceKey(source)) ?? null;
      if (answer === null || answer instanceof GitLabError) {
        failures.set(source, answer);
        continue;
      }
      members.push(...memberRows(source, answer.items));
      if (answer.hasNextPage) rest.set(source.id, answer.endCursor);
      else rest.delete(source.id);
    }
    const unknowns: NewUnknown[] = [];
    let waited = false;
    for (const [source, error] of failures) {
      const isAgain: boolean = error !== null && (waited ? transient(error) : await reading.again(error, tries));
      waited ||= isAgain;
      if (isAgain) continue;
      rest.delete(source.id);
      unknowns.push(unreadSource(source, 'MEMBERS', error));
    }
    tries = waited ? tries + 1 : 1;
    const done = rest.size === 0;
    const state = { rest: Object.fromEntries(rest) };
    await reading.save({ step, state, done, rows: { members }, unknowns, doneMore: done ? lot.length : 0 });
  }
}

/** Reads the direct rows of every source that the run found. */
export async function readMembers(reading: Reading, store: Store): Promise<void> {
  await eachOf(lotsOf(reading, store, LOT), WIDTH, (lot) => readLot(reading, lot));
}
