import type { Clause, Hit } from '../store/question-places.ts';
import type { Grip } from './grips.ts';
import type { Wanted } from './levels.ts';

const NOTHING: Hit = { below: [], projects: [], tops: [] };

/** The places that these holds reach. */
export function hitOf(grips: readonly Grip[]): Hit {
  const on = (wanted: (grip: Grip) => boolean): string[] => [
    ...new Set(grips.filter(wanted).map((grip) => grip.on.id)),
  ];
  return {
    below: on(({ below }) => below),
    projects: on((grip) => grip.on.kind === 'project'),
    tops: on((grip) => grip.on.kind === 'group' && !grip.below),
  };
}

/** The places where the highest of the holds is a wanted level. */
export function clausesAtLevel(grips: readonly Grip[], { from, only }: Wanted): Clause[] {
  const at = (wanted: (level: number) => boolean): Grip[] => grips.filter(({ path }) => wanted(path.level));
  const clauses =
    only === null
      ? [{ hit: hitOf(at((level) => level >= from)), not: NOTHING }]
      : only.map((one) => ({ hit: hitOf(at((level) => level === one)), not: hitOf(at((level) => level > one)) }));
  return clauses.filter(hitsSomething);
}

/** The places where a hold that goes is higher than every one that stays. */
export function clausesOfLoss(gone: readonly Grip[], stay: readonly Grip[]): Clause[] {
  const levels = [...new Set(gone.map(({ path }) => path.level))];
  return levels
    .map((level) => ({
      hit: hitOf(gone.filter(({ path }) => path.level === level)),
      not: hitOf(stay.filter(({ path }) => path.level >= level)),
    }))
    .filter(hitsSomething);
}

function hitsSomething({ hit: { below, projects, tops } }: Clause): boolean {
  return below.length + projects.length + tops.length > 0;
}
