import { z } from 'zod';
import { GitLabError, tokenDead } from '../gitlab/errors.ts';
import { sourcesWith, stagedRoots } from '../store/extraction-stage.ts';
import type { Store } from '../store/store.ts';
import { LOT, eachSource } from './each-source.ts';
import { chunksOf, eachOf } from './parallel.ts';
import type { Reading } from './reading.ts';
import { lotsOf } from './sources.ts';
import { causeOf, unreadList } from './unknown.ts';

const STEP = 'role-levels';
const stateSchema = z.object({ levels: z.array(z.int()).nullable() });
const WAITING = 'waiting';
const ROOTS_AT_ONCE = 5;
const waitingSchema = z.object({ usernames: z.array(z.string()) });
/** The list is for Owners; to others, and where the group is out of sight, GitLab does not tell, and never will. */
const NOT_TOLD = ['FORBIDDEN', 'INVALID', 'SOURCE_NOT_FOUND', 'NOT_FOUND', 'NO_SUCH_ENDPOINT'];

/**
 * Custom roles, and whether a row waits for a seat, are told by REST only, source by source, so this is read where there can be
 * such a row: nowhere in an edition without them, else where somebody has a level on which a custom role stands, or has a row and
 * waits somewhere; everywhere if GitLab does not tell these levels. `met`: members and people are collected.
 */
export async function readRoles(reading: Reading, store: Store, met: Promise<void>): Promise<void> {
  if (!reading.connection.instance.enterprise) return;
  const levels = await roleLevels(reading, store);
  const usernames = levels === null ? [] : await waitingPeople(reading, store);
  await met;
  if (levels?.length === 0 && usernames.length === 0) return;
  const lots =
    levels === null
      ? lotsOf(reading, store, LOT)
      : chunksOf(await sourcesWith(store.db, reading.run.id, { levels, usernames }), LOT);
  await eachSource(reading, {
    what: 'roles',
    part: 'MEMBERS',
    lots,
    read: async (source) => ({ roles: [{ source, rows: await reading.bulk.roles(source) }] }),
  });
}

async function roleLevels(reading: Reading, store: Store): Promise<number[] | null> {
  const begun = reading.step(STEP);
  if (begun !== null) return stateSchema.parse(begun.state).levels;
  const roots = await stagedRoots(store.db, reading.run.id);
  const ofGroups = await reading.ask(() => reading.bulk.customRoleLevels(roots));
  // On GitLab.com there are none but those of groups, and asking for others is an error.
  const ofInstance = reading.connection.instance.gitlabDotCom
    ? []
    : await reading.ask(() => reading.bulk.customRoleLevels(null));
  const levels = ofGroups === null || ofInstance === null ? null : [...new Set([...ofGroups, ...ofInstance])];
  await reading.save({ step: STEP, state: { levels }, done: true });
  return levels;
}

/** Who has a row that waits for a seat, asked of each top-level group. */
async function waitingPeople(reading: Reading, store: Store): Promise<string[]> {
  const roots = chunksOf(await stagedRoots(store.db, reading.run.id), 1);
  await eachOf(roots, ROOTS_AT_ONCE, async ([root = '']) => {
    const step = `${WAITING}/${root}`;
    if (reading.step(step)?.done === true) return;
    try {
      const usernames = await reading.ask(() => reading.bulk.waitingPeople(root));
      await reading.save({ step, state: { usernames }, done: true });
    } catch (error) {
      if (!(error instanceof GitLabError) || tokenDead(error)) throw error;
      const unknowns = NOT_TOLD.includes(error.code) ? [] : [unreadList('MEMBERS', causeOf(error))];
      await reading.save({ step, state: { usernames: [] }, done: true, unknowns });
    }
  });
  return reading.stepsOf(`${WAITING}/`).flatMap(({ state }) => waitingSchema.parse(state).usernames);
}
