import { z } from 'zod';
import type { ByKey } from '../gitlab/client.ts';
import type { BulkGroup, BulkUser } from '../gitlab/bulk/records.ts';
import { amongKnown } from '../store/extraction-stage.ts';
import { markedSources } from '../store/extraction-steps.ts';
import type { NewUnknown } from '../store/extraction-steps.ts';
import type { Store } from '../store/store.ts';
import { GitLabError } from '../gitlab/errors.ts';
import { groupRows, projectRows, userRows, walk } from './lists.ts';
import { together } from './parallel.ts';
import type { Reading } from './reading.ts';
import { unreadSource } from './unknown.ts';

const rootsSchema = z.object({ roots: z.array(z.object({ id: z.string(), fullPath: z.string() })) });
type Root = z.output<typeof rootsSchema>['roots'][number];

/** The groups that are below none of the others. */
function topmost(groups: readonly Root[]): Root[] {
  const paths = groups.map(({ fullPath }) => `${fullPath.toLowerCase()}/`);
  return groups.filter(({ fullPath }) => !paths.some((path) => fullPath.toLowerCase().startsWith(path)));
}

type Keep<T> = (items: readonly T[]) => Promise<readonly T[]>;

/** The groups of the reach of somebody who is no administrator: those with a row of his, and all below (docs/gitlab.md §reach). */
async function walkReach(reading: Reading, keep: Keep<BulkGroup>): Promise<void> {
  if (reading.step('own-groups')?.done !== true) {
    const own: Root[] = [];
    await walk<BulkGroup>(reading, {
      step: 'own-groups/pages',
      what: 'GROUPS',
      anew: true,
      read: async (after) => {
        const page = await reading.bulk.ownGroups(after);
        own.push(...page.items.map(({ id, fullPath }) => ({ id, fullPath })));
        return page;
      },
      keep: async (items) => groupRows(await keep(items)),
    });
    await reading.save({ step: 'own-groups', state: { roots: topmost(own) }, done: true });
  }
  const roots = rootsSchema.parse(reading.step('own-groups')?.state ?? { roots: [] }).roots;
  await together(
    roots.map((root) =>
      walk<BulkGroup>(reading, {
        step: `groups/${root.id}`,
        what: 'GROUPS',
        read: (after) => reading.bulk.groupsBelow(root.fullPath, after),
        keep: async (items) => groupRows(await keep(items)),
      }),
    ),
  );
}

/** Reads which groups, projects and people there are, all of them. */
export async function readEverything(reading: Reading): Promise<void> {
  const { bulk, connection } = reading;
  const { isAdmin } = connection.identity;
  const all = async <T>(items: readonly T[]): Promise<readonly T[]> => items;
  await together([
    isAdmin
      ? walk(reading, { step: 'groups', what: 'GROUPS', read: (after) => bulk.groups(after), keep: groupRows })
      : walkReach(reading, all),
    walk(reading, {
      step: 'projects',
      what: 'PROJECTS',
      read: (after) => bulk.projects(after, !isAdmin),
      keep: projectRows,
    }),
  ]);
}

/** Everybody, where the connection is an administrator's; for others people are read as they are met. */
export async function readPeople(reading: Reading, store: Store): Promise<void> {
  const { bulk, connection, run } = reading;
  if (!connection.identity.isAdmin) return;
  const fresh = newOnly(reading, store, 'users');
  await walk<BulkUser>(reading, {
    step: 'users',
    what: 'USERS',
    read: (after) => bulk.users(after),
    keep: userRows,
    ...(run.mode === 'FULL' ? {} : { enough: async (items) => (await fresh(items)).length < items.length }),
  });
}

/** Leaves those that the last runs know already. */
function newOnly(reading: Reading, store: Store, fact: 'groups' | 'projects' | 'users') {
  return async <T extends { id: string }>(items: readonly T[]): Promise<readonly T[]> => {
    const ids = items.map(({ id }) => id);
    const known = await amongKnown(store.db, reading.connection.id, fact, ids);
    return items.filter(({ id }) => !known.has(id));
  };
}

/** Reads only what hooks said has changed, and what is new since the last run. */
export async function readChanges(reading: Reading, store: Store): Promise<void> {
  const { bulk, connection } = reading;
  const { isAdmin } = connection.identity;
  const [newGroups, newProjects] = [newOnly(reading, store, 'groups'), newOnly(reading, store, 'projects')];
  await together([
    readMarked(reading, store),
    isAdmin
      ? walk(reading, {
          step: 'groups',
          what: 'GROUPS',
          read: (after) => bulk.groups(after, true),
          keep: async (items) => groupRows(await newGroups(items)),
          enough: async (items) => (await newGroups(items)).length < items.length,
        })
      : walkReach(reading, newGroups),
    walk(reading, {
      step: 'projects',
      what: 'PROJECTS',
      read: (after) => bulk.projects(after, !isAdmin),
      keep: async (items) => projectRows(await newProjects(items)),
      enough: async (items) => (await newProjects(items)).length < items.length,
    }),
  ]);
}

/** The sources that hooks named. One that is not shown any more is left as it was, for the next full run to say. */
async function readMarked(reading: Reading, store: Store): Promise<void> {
  if (reading.step('marked') !== null) return;
  const { bulk, connection } = reading;
  const marked = await markedSources(store.db, connection.id);
  const idsOf = (kind: 'group' | 'project'): string[] => marked.flatMap((one) => (one.kind === kind ? [one.id] : []));
  const [groups, projects] = [
    await reading.ask(() => bulk.groupsById(idsOf('group'))),
    await reading.ask(() => bulk.projectsById(idsOf('project'))),
  ];
  const unknowns: NewUnknown[] = [];
  const shown = <T extends { id: string }>(kind: 'group' | 'project', answers: ByKey<T>): T[] => {
    const found: T[] = [];
    for (const [id, answer] of answers) {
      if (answer === null || answer instanceof GitLabError) {
        unknowns.push(unreadSource({ kind, id, fullPath: null }, 'MEMBERS', answer));
      } else found.push(answer);
    }
    return found;
  };
  const rows = { ...groupRows(shown('group', groups)), ...projectRows(shown('project', projects)) };
  await reading.save({ step: 'marked', state: {}, done: true, rows, unknowns });
}
