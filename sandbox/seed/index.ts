import { settleAuthorizations } from '../model/index.ts';
import type { SeedTokens, World } from '../model/index.ts';
import { createBuilder } from './build.ts';
import { addFixtures } from './fixtures.ts';
import type { Fixtures } from './fixtures.ts';
import { generate } from './generate.ts';
import type { Amounts } from './generate.ts';
import { TOKENS } from './names.ts';
import { createChance } from './prng.ts';

export { fixturesOf } from './fixtures.ts';
export type { Fixtures } from './fixtures.ts';
export { GROUPS, PROJECTS, TOKENS, USERS } from './names.ts';

/** How large an organisation to make. */
export type SeedSize = 'small' | 'medium' | 'large';

/** What a seeded world offers by name. */
export interface Seeded extends Fixtures {
  readonly tokens: SeedTokens;
}

const AMOUNTS: Readonly<Record<SeedSize, Amounts>> = {
  small: { groups: 30, projects: 40, people: 120, everyone: 60, largestGroup: 15 },
  medium: { groups: 200, projects: 600, people: 1_100, everyone: 1_050, largestGroup: 80 },
  large: { groups: 1_000, projects: 5_000, people: 10_000, everyone: 1_200, largestGroup: 400 },
};

/**
 * Fills an empty world with an organisation: the fixtures of `GROUPS`, `PROJECTS`, `USERS` and `TOKENS`, and generated
 * groups, projects and people around them. The same size and seed give the same ids, names and rows; dates count from
 * the world's today. Authorizations are settled when it returns.
 */
export function seedWorld(world: World, options: { size: SeedSize; seed: number }): Seeded {
  if (world.users.size > 0) throw new Error('this world has people already: clear it before seeding');
  const { authorizationDelayMs } = world.settings;
  world.settings.authorizationDelayMs = 0;
  try {
    const builder = createBuilder(world);
    const fixtures = addFixtures(builder);
    generate(builder, createChance(options.seed), fixtures, AMOUNTS[options.size]);
    return { ...fixtures, tokens: { admin: TOKENS.admin, owner: TOKENS.owner, user: TOKENS.user } };
  } finally {
    world.settings.authorizationDelayMs = authorizationDelayMs;
    settleAuthorizations(world);
  }
}
