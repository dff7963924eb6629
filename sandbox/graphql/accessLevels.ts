import { InternalError } from './errors.ts';

const LEVELS: readonly (readonly [value: number, name: string, human: string])[] = [
  [0, 'NO_ACCESS', 'No access'],
  [5, 'MINIMAL_ACCESS', 'Minimal Access'],
  [10, 'GUEST', 'Guest'],
  [15, 'PLANNER', 'Planner'],
  [20, 'REPORTER', 'Reporter'],
  [30, 'DEVELOPER', 'Developer'],
  [40, 'MAINTAINER', 'Maintainer'],
  [50, 'OWNER', 'Owner'],
  [60, 'ADMIN', 'Admin'],
];

/** The GraphQL object of a level. An integer outside the enum makes `stringValue` fail the whole request. */
export interface AccessLevelNode {
  readonly integerValue: number;
  readonly humanAccess: string | null;
  readonly stringValue: () => string;
}

/** An access level for the `AccessLevel` type (docs/gitlab.md §access levels). */
export function accessLevelNode(value: number): AccessLevelNode {
  const known = LEVELS.find(([level]) => level === value);
  return {
    integerValue: value,
    humanAccess: known?.[2] ?? null,
    stringValue: () => {
      if (!known) throw new InternalError(`no AccessLevelEnum for ${String(value)}`);
      return known[1];
    },
  };
}

/** The integer of a name of `AccessLevelEnum` or `MemberAccessLevel`. */
export function levelOfName(name: string): number {
  return LEVELS.find(([, known]) => known === name)?.[0] ?? 0;
}

/** The roles GitLab comes with, lowest first. */
export function standardLevels(): { value: number; name: string; human: string }[] {
  return LEVELS.filter(([value]) => value >= 5 && value <= 50).map(([value, name, human]) => ({ value, name, human }));
}
