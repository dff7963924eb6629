import { Gitlab } from '@gitbeaker/rest';
import { eachOf } from './workload.ts';

const IN_FLIGHT = 10;
const PAGE = { perPage: 100 };
const BOT = /^(?:group|project)_\d+_bot/;

/** What the peer holds in memory in the end: a line for each fact, as `storedLines` writes them. */
export type PeerFacts = string[];

type Source = { kind: 'group' | 'project'; id: number };
type Link = { group_id: number; group_access_level: number };

const linesOf = (source: Source, links: readonly Link[]): string[] =>
  links.map(
    (link) => `share ${source.kind} ${String(source.id)} ${String(link.group_id)} ${String(link.group_access_level)}`,
  );

/**
 * Reads the same facts with `@gitbeaker/rest`, full pages, at most ten calls in flight: lists, direct members of each source, a
 * group's own object for its shares (a project's come with the list), and access tokens where a bot is a member.
 */
export async function readWithGitbeaker(host: string, token: string): Promise<PeerFacts> {
  const api = new Gitlab({ host, token });
  const [groups, projects, users, tokens] = await Promise.all([
    api.Groups.all({ ...PAGE, allAvailable: true }),
    api.Projects.all({ ...PAGE }),
    api.Users.all({ ...PAGE }),
    api.PersonalAccessTokens.all({ ...PAGE }),
  ]);
  const bots = new Set<number>();
  const facts: PeerFacts = [
    ...groups.map(
      ({ id, full_path: path, parent_id: parent }) =>
        `group ${String(id)} ${path} ${String((parent as number | null) ?? '-')}`,
    ),
    ...projects.map(({ id, path_with_namespace: path }) => `project ${String(id)} ${path}`),
    ...users.map(({ id, username, state }) => {
      if (BOT.test(username)) bots.add(id);
      return `user ${String(id)} ${username} ${state === 'active' ? 'ACTIVE' : 'OTHER'}`;
    }),
    ...projects.flatMap((project) =>
      linesOf({ kind: 'project', id: project.id }, project.shared_with_groups as Link[]),
    ),
  ];
  const sources: Source[] = [
    ...groups.map(({ id }) => ({ kind: 'group' as const, id })),
    ...projects.map(({ id }) => ({ kind: 'project' as const, id })),
  ];
  await eachOf(sources, IN_FLIGHT, async (source) => {
    const isGroup = source.kind === 'group';
    const members = await (isGroup ? api.GroupMembers.all(source.id, PAGE) : api.ProjectMembers.all(source.id, PAGE));
    for (const row of members) {
      const expires = (row.expires_at as string | null) ?? '-';
      facts.push(`member ${source.kind} ${String(source.id)} ${String(row.id)} ${String(row.access_level)} ${expires}`);
    }
    if (isGroup) {
      const detail = await api.Groups.show(source.id, { withProjects: false });
      facts.push(...linesOf(source, detail['shared_with_groups'] as Link[]));
    }
    if (!members.some(({ id }) => bots.has(id))) return;
    const own = await (isGroup
      ? api.GroupAccessTokens.all(source.id, PAGE)
      : api.ProjectAccessTokens.all(source.id, PAGE));
    for (const one of own) facts.push(`token ${source.kind.toUpperCase()} ${String(one.id)} ${one.name}`);
  });
  for (const one of tokens) if (!bots.has(one.user_id)) facts.push(`token PERSONAL ${String(one.id)} ${one.name}`);
  return facts.sort();
}
