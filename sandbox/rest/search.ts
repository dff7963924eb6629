import type { User } from '../model/index.ts';

/** Text lower-cased once, with GitLab's rule: from three characters on any part matches, below only the whole. */
export function matches(text: string, query: string): boolean {
  const hay = text.toLowerCase();
  return query.length < 3 ? hay === query : hay.includes(query);
}

/** Whether a person is found by a query: name, username, exact public e-mail, and any e-mail where `privateToo`. */
export function userMatches(user: User, query: string, privateToo = false): boolean {
  const text = query.toLowerCase();
  const plain = text.startsWith('@') ? text.slice(1) : text;
  if (matches(user.name, plain) || matches(user.username, plain)) return true;
  return user.publicEmail?.toLowerCase() === text || (privateToo && user.email.toLowerCase() === text);
}

/** Best match first: exact name, exact username, exact public e-mail, the rest; then by name. */
export function byRelevance(query: string): (a: User, b: User) => number {
  const text = query.toLowerCase();
  const rank = (user: User): number => {
    if (user.name.toLowerCase() === text) return 0;
    if (user.username.toLowerCase() === text) return 1;
    return user.publicEmail?.toLowerCase() === text ? 2 : 3;
  };
  return (a, b) => rank(a) - rank(b) || compareText(a.name, b.name) || a.id - b.id;
}

/** Orders text as a database does, letter case ignored first. */
export function compareText(a: string, b: string): number {
  const [lowA, lowB] = [a.toLowerCase(), b.toLowerCase()];
  if (lowA !== lowB) return lowA < lowB ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
