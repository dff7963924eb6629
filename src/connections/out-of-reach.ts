import type { ByKey, GitLabClient, MembersQuery } from '../gitlab/client.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { StandingPlace } from '../store/standing.ts';
import type { ConnectionIdentity } from './records.ts';

const MAINTAINER = 40;
const OWNER = 50;

/** The role that takes a row away there: Owner of a group; Maintainer of a project, or Owner for an Owner's row (docs/gitlab.md §roles). */
function neededLevel(place: StandingPlace): number {
  return place.kind === 'group' || place.accessLevel >= OWNER ? OWNER : MAINTAINER;
}

const keyOf = (place: StandingPlace): string => `${place.kind}:${place.id}`;

function question(place: StandingPlace, userId: string): MembersQuery {
  const asked = { key: keyOf(place), id: place.id, fullPath: place.path, search: null, userIds: [userId] };
  const page = { first: 1, after: null };
  return place.kind === 'group'
    ? { ...asked, ...page, kind: 'group', relations: ['DIRECT', 'INHERITED', 'SHARED_FROM_GROUPS'] }
    : {
        ...asked,
        ...page,
        kind: 'project',
        relations: ['DIRECT', 'INHERITED', 'INVITED_GROUPS', 'SHARED_INTO_ANCESTORS'],
      };
}

const shown = <T>(found: ByKey<T>, key: string): T | null => {
  const value = found.get(key) ?? null;
  return value instanceof GitLabError ? null : value;
};

/** An administrator changes every membership of what it can see. */
async function unseen(client: GitLabClient, places: readonly StandingPlace[]): Promise<StandingPlace[]> {
  const idsOf = (kind: StandingPlace['kind']) => places.filter((place) => place.kind === kind).map(({ id }) => id);
  const [groups, projects] = await Promise.all([
    client.groupsById(idsOf('group')),
    client.projectsById(idsOf('project')),
  ]);
  return places.filter((place) => shown<unknown>(place.kind === 'group' ? groups : projects, place.id) === null);
}

/**
 * The places in which this client's user could not take a membership away, or of which that cannot be read (S26). Rejects with a
 * `GitLabError` when GitLab cannot be asked at all.
 */
export async function outOfReach(
  client: GitLabClient,
  identity: Pick<ConnectionIdentity, 'gitlabId' | 'isAdmin'>,
  places: readonly StandingPlace[],
): Promise<StandingPlace[]> {
  if (places.length === 0) return [];
  if (identity.isAdmin) return unseen(client, places);
  const pages = await client.members(places.map((place) => question(place, identity.gitlabId)));
  return places.filter((place) => {
    const row = shown(pages, keyOf(place))?.items.find(({ user }) => user.id === identity.gitlabId);
    return row === undefined || row.accessLevel < neededLevel(place);
  });
}
