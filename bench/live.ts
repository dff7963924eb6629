/** Reads GitLab as a client would that has no gateway: REST, full pages, up to ten calls in flight. */
export type Live = {
  /** Who reaches a group or project, with the level: `GET …/members/all`. By the user's number. */
  sourceReach(kind: 'group' | 'project', id: string): Promise<Map<string, number>>;
  /** What a user reaches, with the level, worked out from memberships, subtrees and shares. By `group 1` or `project 2`. */
  userReach(userId: string): Promise<Map<string, number>>;
  /** Direct rows below a group that end by a day. As `group 1 2`, the last the user's number. */
  expiringBelow(groupId: string, untilDay: string): Promise<Set<string>>;
  /** Calls so far. */
  calls(): number;
};

type Place = { id: number; full_path: string };
type Link = { group_id: number; group_access_level: number };
type Project = { id: number; path_with_namespace: string; shared_with_groups: Link[] };
type Member = { id: number; access_level: number; expires_at: string | null };
type Membership = { source_id: number; source_type: 'Namespace' | 'Project'; access_level: number };
type Detail = Place & { shared_with_groups: Link[] };

const IN_FLIGHT = 10;
const MINIMAL_ACCESS = 5;

/** A GitLab at `url` with an administrator's token. */
export function liveGitLab(url: string, token: string): Live {
  let calls = 0;
  const fetchPooled = pooled(IN_FLIGHT, (path: string) => {
    calls += 1;
    return fetch(`${url}/api/v4${path}`, { headers: { 'private-token': token } });
  });

  async function one<T>(path: string): Promise<T> {
    const response = await fetchPooled(path);
    if (!response.ok) throw new Error(`GitLab answers ${String(response.status)} to ${path}.`);
    return (await response.json()) as T;
  }

  async function all<T>(path: string): Promise<T[]> {
    const at = (page: number): string => `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${String(page)}`;
    const response = await fetchPooled(at(1));
    if (!response.ok) throw new Error(`GitLab answers ${String(response.status)} to ${path}.`);
    const first = (await response.json()) as T[];
    const pages = Number(response.headers.get('x-total-pages') ?? '1');
    const rest = await Promise.all(Array.from({ length: pages - 1 }, (_, index) => one<T[]>(at(index + 2))));
    return [...first, ...rest.flat()];
  }

  const below = async (id: number) =>
    Promise.all([
      one<Place>(`/groups/${String(id)}?with_projects=false`),
      all<Place>(`/groups/${String(id)}/descendant_groups`),
      all<Project>(`/groups/${String(id)}/projects?include_subgroups=true`),
    ]);

  /** The groups that a membership gives access to: its own, and those that its group was invited into. */
  async function anchorsOf({ source_id: id, access_level: level }: Membership): Promise<[number, number][]> {
    const opened = await all<Place>(`/groups/${String(id)}/groups/shared`);
    const shared = opened.map(async ({ id: target }): Promise<[number, number]> => {
      const { shared_with_groups: links } = await one<Detail>(`/groups/${String(target)}?with_projects=false`);
      return [target, Math.min(level, links.find((link) => link.group_id === id)?.group_access_level ?? 0)];
    });
    return [[id, level], ...(await Promise.all(shared))];
  }

  return {
    calls: () => calls,

    async sourceReach(kind, id) {
      const rows = await all<Member>(`/${kind}s/${id}/members/all`);
      return new Map(rows.map((row) => [String(row.id), row.access_level]));
    },

    async userReach(userId) {
      const rows = await all<Membership>(`/users/${userId}/memberships`);
      const levels = new Map<string, number>();
      const raise = (key: string, level: number): void => {
        if (level > (levels.get(key) ?? 0)) levels.set(key, level);
      };
      for (const row of rows) {
        if (row.source_type === 'Project') raise(`project ${String(row.source_id)}`, row.access_level);
        else if (row.access_level === MINIMAL_ACCESS) raise(`group ${String(row.source_id)}`, row.access_level);
      }
      const standing = rows.filter((row) => row.source_type === 'Namespace' && row.access_level > MINIMAL_ACCESS);
      const anchors = (await Promise.all(standing.map(anchorsOf))).flat();
      await Promise.all(
        anchors.map(async ([id, level]) => {
          const [group, subgroups, projects] = await below(id);
          const groups = new Set([id, ...subgroups.map((place) => place.id)]);
          for (const groupId of groups) raise(`group ${String(groupId)}`, level);
          for (const project of projects) {
            const key = `project ${String(project.id)}`;
            if (project.path_with_namespace.startsWith(`${group.full_path}/`)) raise(key, level);
            for (const link of project.shared_with_groups) {
              if (groups.has(link.group_id)) raise(key, Math.min(level, link.group_access_level));
            }
          }
        }),
      );
      return levels;
    },

    async expiringBelow(groupId, untilDay) {
      const [group, subgroups, projects] = await below(Number(groupId));
      const own = projects.filter((project) => project.path_with_namespace.startsWith(`${group.full_path}/`));
      const sources = [
        ...[group, ...subgroups].map(({ id }) => ['group', id] as const),
        ...own.map(({ id }) => ['project', id] as const),
      ];
      const found = sources.map(async ([kind, id]) => {
        const rows = await all<Member>(`/${kind}s/${String(id)}/members`);
        const ending = rows.filter((row) => row.expires_at !== null && row.expires_at <= untilDay);
        return ending.map((row) => `${kind} ${String(id)} ${String(row.id)}`);
      });
      return new Set((await Promise.all(found)).flat());
    },
  };
}

/** At most `limit` calls of `work` at once; the others wait their turn. */
function pooled<A, T>(limit: number, work: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (argument) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work(argument);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
