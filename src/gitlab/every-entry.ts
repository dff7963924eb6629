import type { PageRequest } from './client.ts';
import { GitLabError } from './errors.ts';
import type { Page } from './records.ts';

const LARGEST_PAGE = 100;

/** Every entry of a list, at most `mostPages` pages of 100; a list that goes on beyond is UNREADABLE, not cut short. */
export async function everyEntry<T>(read: (page: PageRequest) => Promise<Page<T>>, mostPages: number): Promise<T[]> {
  const entries: T[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page: Page<T> = await read({ first: LARGEST_PAGE, after });
    entries.push(...page.items);
    if (!page.hasNextPage) return entries;
    after = page.endCursor;
  }
  throw new GitLabError('UNREADABLE', `The list is longer than ${String(mostPages * LARGEST_PAGE)} entries.`);
}
