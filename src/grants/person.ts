import type { GitLabClient } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { UserRecord } from '../gitlab/records.ts';

/** What GitLab tells of a key's person: may work, may not (S27), or is shown no more, asked twice (S28). */
export type PersonSeen = 'fine' | 'inactive' | 'gone';

/** What is taken for granted where nobody asks. */
export const WORKING: PersonSeen = 'fine';

const INACTIVE: readonly unknown[] = ['BLOCKED', 'BANNED', 'DEACTIVATED'];

async function readPerson(client: GitLabClient, userId: string): Promise<UserRecord | null> {
  const person = (await client.usersById([userId])).get(userId) ?? null;
  if (person instanceof GitLabError) throw person;
  return person;
}

/**
 * Looks at the person. `seen` is what a read for many just showed: only good news is taken from it, anything else is read again
 * by id. Rejects with a `GitLabError`.
 */
export async function lookAtPerson(client: GitLabClient, userId: string, seen: UserRecord | null): Promise<PersonSeen> {
  if (seen?.state === 'ACTIVE') return 'fine';
  const person = (await readPerson(client, userId)) ?? (await readPerson(client, userId));
  if (person === null) return 'gone';
  return INACTIVE.includes(person.state) ? 'inactive' : 'fine';
}

const AT_ONCE = 100;

/** Reads many people in few calls, by id; those that could not be read are left out, and read one by one later. */
export async function readPeople(client: GitLabClient, userIds: readonly string[]): Promise<Map<string, UserRecord>> {
  const ids = [...new Set(userIds)];
  const people = new Map<string, UserRecord>();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    for (const [id, person] of await client.usersById(ids.slice(from, from + AT_ONCE))) {
      if (person !== null && !(person instanceof GitLabError)) people.set(id, person);
    }
  }
  return people;
}
