import type { Builder } from './build.ts';
import type { Fixtures } from './fixtures.ts';
import { addTokenRobots, fillEveryone, fillGroups, fillProjects, shareSome } from './generateRows.ts';
import { generateGroups, generatePeople, generateProjects } from './generateTree.ts';
import type { Chance } from './prng.ts';

/** How much of everything a world has in the end, fixtures included. */
export interface Amounts {
  readonly groups: number;
  readonly projects: number;
  readonly people: number;
  /** Direct members of `acme/everyone`. */
  readonly everyone: number;
  /** Direct members of the largest other generated group. */
  readonly largestGroup: number;
}

/** Fills a world around its fixtures up to the amounts, with few large groups and many small ones. */
export function generate(builder: Builder, chance: Chance, fixtures: Fixtures, amounts: Amounts): void {
  const people = generatePeople(builder, chance, amounts.people);
  const groups = generateGroups(builder, chance, fixtures, amounts.groups);
  const projects = generateProjects(builder, chance, groups, amounts.projects);
  fillEveryone(builder, chance, fixtures, people, amounts.everyone);
  fillGroups(builder, chance, groups, people, amounts.largestGroup);
  fillProjects(builder, chance, projects, people);
  addTokenRobots(builder, chance, projects);
  shareSome(builder, chance, groups, projects);
}
