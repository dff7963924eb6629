import type { Answer } from './http.ts';

/** The relations of a `Link` header and their addresses; empty where there is none. */
export function linksOf(answer: Answer): Map<string, URL> {
  const links = new Map<string, URL>();
  for (const [, address, relation] of (answer.headers.get('link') ?? '').matchAll(/<([^>]+)>;\s*rel="([^"]+)"/g)) {
    if (address !== undefined && relation !== undefined) links.set(relation, new URL(address));
  }
  return links;
}

/** The query of an address as plain pairs: a `Link` may name another host, and the token goes to none but ours. */
export function queryOf(address: URL): Record<string, string> {
  return Object.fromEntries(address.searchParams);
}
