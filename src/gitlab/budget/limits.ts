import type { HttpMethod } from '../transport.ts';

/**
 * One of GitLab's limits as it holds for one call. `kind` is the limit, `name` what is counted together under it: removals are
 * counted for each group or project apart. `calls` in each interval, null: not known, or none.
 */
export type CallLimit = { kind: string; name: string; calls: number | null; intervalMs: number };

/** A call as limits see it; the path is below the base URL, encoded, without query. */
export type LimitedCall = { method: HttpMethod; path: string };

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 600_000;

type Known = { method: HttpMethod; route: RegExp; kind: string; calls: number | null; intervalMs: number };

const minute = (method: HttpMethod, route: RegExp, kind: string, calls: number): Known => ({
  method,
  route,
  kind,
  calls,
  intervalMs: MINUTE_MS,
});

/** GitLab's limits of single routes, as they are where nobody changed them (docs/gitlab.md §rate limits). */
const KNOWN: readonly Known[] = [
  minute('DELETE', /^\/api\/v4\/(groups|projects)\/[^/]+\/members\/[^/]+$/, 'members_delete', 60),
  minute('GET', /^\/api\/v4\/(groups|projects)\/[^/]+\/members\/all$/, 'project_members_api', 200),
  minute('GET', /^\/api\/v4\/groups$/, 'groups_api', 200),
  minute('GET', /^\/api\/v4\/groups\/[^/]+$/, 'group_api', 400),
  minute('GET', /^\/api\/v4\/groups\/[^/]+\/projects$/, 'group_projects_api', 600),
  minute('GET', /^\/api\/v4\/groups\/[^/]+\/groups\/shared$/, 'group_shared_groups_api', 60),
  minute('GET', /^\/api\/v4\/groups\/[^/]+\/invited_groups$/, 'group_invited_groups_api', 60),
  minute('GET', /^\/api\/v4\/projects\/[^/]+\/invited_groups$/, 'project_invited_groups_api', 60),
  {
    method: 'GET',
    route: /^\/api\/v4\/projects$/,
    kind: 'projects_api',
    calls: 2_000,
    intervalMs: TEN_MINUTES_MS,
  },
  minute('GET', /^\/api\/v4\/projects\/[^/]+$/, 'project_api', 400),
  minute('GET', /^\/api\/v4\/users\/[^/]+\/projects$/, 'user_projects_api', 300),
  // Administrators are not counted there, so it is believed only once GitLab has refused.
  { method: 'GET', route: /^\/api\/v4\/users\/\d+$/, kind: 'users_get_by_id', calls: null, intervalMs: TEN_MINUTES_MS },
];

/** What stands behind these names in a path is an id. */
const COLLECTIONS = /\/(groups|projects|users|members|personal_access_tokens|access_tokens)\/(?!all$)[^/]+/g;

/** The limit that a call counts against. A route without a known one is a kind of its own: a refusal there closes that route. */
export function limitOf({ method, path }: LimitedCall): CallLimit {
  const known = KNOWN.find((one) => one.method === method && one.route.test(path));
  if (known === undefined) {
    const kind = `${method} ${path.replaceAll(COLLECTIONS, '/$1/:id')}`;
    return { kind, name: kind, calls: null, intervalMs: MINUTE_MS };
  }
  const { kind, calls, intervalMs } = known;
  const name = kind === 'members_delete' ? `${kind} ${path.slice(0, path.lastIndexOf('/'))}` : kind;
  return { kind, name, calls, intervalMs };
}
