import type { User, Viewer } from '../model/index.ts';

/** From this length on a search finds parts of names; shorter ones must match in full. */
const FUZZY_LENGTH = 3;

/** Whether a search text finds a user: by name and username, and by e-mail in full (any for admins, else public). */
export function matchesUser(viewer: Viewer, user: User, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  const names = [user.name.toLowerCase(), user.username.toLowerCase()];
  if (names.some((name) => (wanted.length < FUZZY_LENGTH ? name === wanted : name.includes(wanted)))) return true;
  const email = viewer.admin ? user.email : user.publicEmail;
  return email?.toLowerCase() === wanted || user.publicEmail?.toLowerCase() === wanted;
}

/** Whether a search text finds a group or project by name or path. */
export function matchesName(item: { readonly name: string; readonly path: string }, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return item.name.toLowerCase().includes(wanted) || item.path.toLowerCase().includes(wanted);
}

/** A user's type as `UserType` spells it. */
export function typeName(user: User): string {
  return user.userType.toUpperCase();
}
