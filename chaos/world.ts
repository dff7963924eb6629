import type { GitLab } from './gitlab.ts';
import type { Random } from './random.ts';

export type Source = { kind: 'group' | 'project'; id: number; fullPath: string };
export type Person = { id: number; username: string };
export type World = { sources: readonly Source[]; people: readonly Person[] };

const SUBGROUPS = 8;
const PROJECTS = 18;
const PEOPLE = 36;
const ROW_SHARE = 0.3;
const MINIMAL_ACCESS = 5;
const REPORTER = 20;
const STANDING_LEVELS = [20, 30, 30, 40];

/** Makes a tree of groups and projects, people, and the rows that stand before any grant: levels, dates, a custom role. */
export async function makeWorld(gitlab: GitLab, random: Random): Promise<World> {
  const rootId = await gitlab.make('/groups', { name: 'Chaos', path: 'chaos' });
  const sources: Source[] = [{ kind: 'group', id: rootId, fullPath: 'chaos' }];
  const groups = [...sources];
  for (let number = 1; number <= SUBGROUPS; number += 1) {
    const parent = random.pick(groups);
    const name = `team-${String(number)}`;
    const id = await gitlab.make('/groups', { name, path: name, parent_id: parent.id });
    groups.push({ kind: 'group', id, fullPath: `${parent.fullPath}/${name}` });
  }
  sources.push(...groups.slice(1));
  for (let number = 1; number <= PROJECTS; number += 1) {
    const parent = random.pick(groups);
    const name = `app-${String(number)}`;
    const id = await gitlab.make('/projects', { name, path: name, namespace_id: parent.id });
    sources.push({ kind: 'project', id, fullPath: `${parent.fullPath}/${name}` });
  }
  const people: Person[] = [];
  for (let number = 1; number <= PEOPLE; number += 1) {
    const username = `person-${String(number)}`;
    const body = { username, name: username, email: `${username}@example.com`, force_random_password: true };
    people.push({ id: await gitlab.make('/users', { ...body, skip_confirmation: true }), username });
  }
  await gitlab.edit(standingRows({ sources, people }, random, rootId));
  return { sources, people };
}

function standingRows({ sources, people }: World, random: Random, rootId: number): Record<string, unknown>[] {
  const row = (source: Source, person: Person, set: Record<string, unknown>) => {
    const sourceKind = source.kind === 'group' ? 'Group' : 'Project';
    return { action: 'addMember', sourceKind, sourceId: source.id, userId: person.id, set };
  };
  const rows: Record<string, unknown>[] = [];
  const levels = createLevels();
  for (const source of sources) {
    for (const [index, person] of people.entries()) {
      if (source.id === rootId && source.kind === 'group') {
        const accessLevel = index % 6 === 0 ? REPORTER : MINIMAL_ACCESS;
        if (index % 6 <= 1) rows.push(row(source, person, { accessLevel: levels.set(source, person, accessLevel) }));
      } else if (random.chance(ROW_SHARE)) {
        const expiresAt = random.chance(0.3) ? dateIn(random.between(40, 400)) : null;
        const createdById = random.chance(0.5) ? random.pick(people).id : null;
        const accessLevel = levels.set(source, person, random.pick(STANDING_LEVELS));
        rows.push(row(source, person, { accessLevel, expiresAt, createdById }));
      }
    }
  }
  return rows;
}

/**
 * Keeps each row at or above what the person has in the groups above: GitLab refuses to make a lower one, so a gateway that has
 * raised such a row cannot put it back and takes it away (S30). Every row that is missing at the end is then a fault.
 */
function createLevels() {
  const standing = new Map<string, number>();
  const key = (fullPath: string, person: Person): string => `${fullPath} ${String(person.id)}`;
  return {
    set(source: Source, person: Person, wished: number): number {
      const parts = source.fullPath.split('/');
      const above = parts.map((_, index) => standing.get(key(parts.slice(0, index).join('/'), person)) ?? 0);
      const level = Math.max(wished, ...above);
      standing.set(key(source.fullPath, person), level);
      return level;
    },
  };
}

function dateIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
