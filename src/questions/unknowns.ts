import { placesBelow } from '../store/question-places.ts';
import type { SourceKey } from '../store/question-facts.ts';
import { countUnknowns } from '../store/questions.ts';
import type { UnknownScope } from '../store/questions.ts';
import type { Asked } from './asked.ts';
import type { Door } from './doors.ts';

/** Anything that was not read may hide something. */
export const EVERYTHING: UnknownScope = { groups: null, projects: null, people: null };

/** Where a person's paths may lie: anywhere. */
export function scopeOfPerson(userId: string): UnknownScope {
  return { groups: null, projects: null, people: [userId] };
}

/** Where paths to one place may lie: on the lists that reach it, and in invitations into the groups of those lists. */
export function scopeOfDoors(doors: readonly Door[]): UnknownScope {
  const of = (kind: SourceKey['kind']): string[] =>
    doors.filter(({ list }) => list.kind === kind).map(({ list }) => list.id);
  return { groups: of('group'), projects: of('project'), people: [] };
}

/** A place and all below it; null: everywhere. */
export async function scopeOfPlace({ db, at }: Asked, place: SourceKey | null): Promise<UnknownScope> {
  if (place === null) return { groups: null, projects: null, people: [] };
  if (place.kind === 'project') return { groups: [], projects: [place.id], people: [] };
  return { ...(await placesBelow(db, at, place.id)), people: [] };
}

/** How many things that the runs could not read lie within the scope. */
export async function unknownsIn({ db }: Asked, runIds: readonly string[], scope: UnknownScope): Promise<number> {
  return countUnknowns(db, runIds, scope);
}
