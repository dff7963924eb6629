import { z } from 'zod';
import type { BulkGroup, BulkPage, BulkProject, BulkUser } from '../gitlab/bulk/records.ts';
import { GitLabError, tokenDead } from '../gitlab/errors.ts';
import type { StagedRows } from '../store/extraction-stage.ts';
import type { Reading } from './reading.ts';
import { causeOf, unreadList } from './unknown.ts';
import type { Part } from './unknown.ts';

const stateSchema = z.object({ after: z.string().nullable() });

/** A list that is read page by page, each page kept before the next is asked for. */
export type Walk<T> = {
  step: string;
  what: Part;
  read: (after: string | null) => Promise<BulkPage<T>>;
  keep: (items: readonly T[]) => Promise<StagedRows> | StagedRows;
  /** Begins at the start again after a crash, since `read` remembers what it brought. */
  anew?: boolean;
  /** Whether what comes after this page is not needed. */
  enough?: (items: readonly T[]) => Promise<boolean>;
};

/**
 * Reads a list to its end, from where it was left; while a page is kept the next is under way. What fails for good is noted and the list left there, so that nothing of it
 * is taken for gone (S37). Rejects where the token is dead, or the run lost.
 */
export async function walk<T>(
  reading: Reading,
  { step, what, read, keep, anew = false, enough }: Walk<T>,
): Promise<void> {
  const begun = anew ? null : reading.step(step);
  if (begun?.done === true) return;
  let after = begun === null ? null : stateSchema.parse(begun.state).after;
  const ask = async (from: string | null): Promise<BulkPage<T>> => reading.ask(() => read(from));
  let next = ask(after);
  for (;;) {
    let page: BulkPage<T>;
    try {
      page = await next;
    } catch (error) {
      if (!(error instanceof GitLabError) || tokenDead(error)) throw error;
      await reading.save({ step, state: { after }, done: true, unknowns: [unreadList(what, causeOf(error))] });
      return;
    }
    const unknowns =
      page.gaps === 0
        ? []
        : [unreadList(what, `GitLab could not show ${String(page.gaps)} of the rows of a page of this list.`)];
    const done = !page.hasNextPage || (enough !== undefined && (await enough(page.items)));
    after = page.endCursor;
    if (!done) {
      next = ask(after);
      // Where the page before cannot be kept, nobody waits for this one.
      next.catch(() => undefined);
    }
    await reading.save({ step, state: { after }, done, rows: await keep(page.items), unknowns });
    if (done) return;
  }
}

const NOT_TOLD = 'PRIVATE';

export function groupRows(groups: readonly BulkGroup[]): StagedRows {
  return {
    groups: groups.map(({ id, parentId, fullPath, name, visibility }) => ({
      gitlab_id: id,
      parent_id: parentId,
      full_path: fullPath,
      name,
      visibility: visibility ?? NOT_TOLD,
    })),
  };
}

export function projectRows(projects: readonly BulkProject[]): StagedRows {
  return {
    projects: projects.map(({ id, groupId, fullPath, name, visibility, archived }) => ({
      gitlab_id: id,
      group_id: groupId,
      full_path: fullPath,
      name,
      visibility: visibility ?? NOT_TOLD,
      archived,
    })),
  };
}

export function userRows(users: readonly BulkUser[]): StagedRows {
  return {
    users: users.map(({ id, username, name, state, kind, lastActivityOn }) => ({
      gitlab_id: id,
      username,
      name,
      state,
      kind,
      last_activity_on: lastActivityOn,
    })),
  };
}
