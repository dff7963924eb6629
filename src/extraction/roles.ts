import { z } from 'zod';
import { sourcesWithLevels, stagedRoots } from '../store/extraction-stage.ts';
import type { Store } from '../store/store.ts';
import { LOT, eachSource } from './each-source.ts';
import { chunksOf } from './parallel.ts';
import type { Reading } from './reading.ts';
import { lotsOf } from './sources.ts';

const STEP = 'role-levels';
const stateSchema = z.object({ levels: z.array(z.int()).nullable() });

/**
 * Custom roles are told by REST only, source by source, so they are read where there can be one: nowhere in an edition without
 * them, else where somebody has a level on which a custom role stands; everywhere if GitLab does not tell these levels.
 */
export async function readRoles(reading: Reading, store: Store): Promise<void> {
  if (!reading.connection.instance.enterprise) return;
  const levels = await roleLevels(reading, store);
  if (levels?.length === 0) return;
  const lots =
    levels === null
      ? lotsOf(reading, store, LOT)
      : chunksOf(await sourcesWithLevels(store.db, reading.run.id, levels), LOT);
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
