import { check, type Checked, type RawParams } from '../../http/params.ts';
import { authorizedLevel, type Project } from '../../model/index.ts';
import type { Call } from '../context.ts';
import { compareText, matches } from '../search.ts';

const RULES = {
  simple: { type: 'bool' },
  archived: { type: 'bool' },
  active: { type: 'bool' },
  visibility: { type: 'string', values: ['private', 'internal', 'public'] },
  search: { type: 'string' },
  search_namespaces: { type: 'bool' },
  owned: { type: 'bool' },
  starred: { type: 'bool' },
  membership: { type: 'bool' },
  min_access_level: { type: 'int', values: [10, 15, 20, 30, 40, 50] },
  id_after: { type: 'int' },
  id_before: { type: 'int' },
  order_by: {
    type: 'string',
    values: ['id', 'name', 'path', 'created_at', 'updated_at', 'last_activity_at', 'similarity', 'star_count'],
  },
  sort: { type: 'string', values: ['asc', 'desc'] },
  with_shared: { type: 'bool' },
  include_subgroups: { type: 'bool' },
  include_ancestor_groups: { type: 'bool' },
} as const;
export type ProjectFilters = Checked<typeof RULES>;

/** The parameters all project lists share. */
export function projectFilters(params: RawParams): ProjectFilters {
  return check(params, RULES);
}

/** Filters and orders projects; newest first when no order is asked. */
export function filterProjects(call: Call, projects: readonly Project[], sent: ProjectFilters): Project[] {
  const { world, viewer } = call;
  const search = sent.search?.toLowerCase() ?? '';
  const keep = (project: Project): boolean => {
    if (sent.archived !== undefined && project.archived !== sent.archived) return false;
    if (sent.active !== undefined && sent.active === (project.archived || project.markedForDeletionOn !== null)) {
      return false;
    }
    if (sent.visibility !== undefined && project.visibility !== sent.visibility) return false;
    if (sent.id_after != null && project.id <= sent.id_after) return false;
    if (sent.id_before != null && project.id >= sent.id_before) return false;
    if (sent.starred) return false;
    const level = sent.owned ? 50 : (sent.min_access_level ?? 0);
    if (level > 0 && authorizedLevel(world, viewer.user?.id ?? 0, project.id) < level) return false;
    if (search === '') return true;
    const inPath = sent.search_namespaces === true && matches(project.fullPath, search);
    return inPath || matches(project.name, search) || matches(project.path, search);
  };
  return sorted(projects.filter(keep), sent);
}

function sorted(projects: Project[], sent: ProjectFilters): Project[] {
  const sign = sent.sort === 'asc' ? 1 : -1;
  const key = sent.order_by ?? 'created_at';
  const compare = (a: Project, b: Project): number => {
    if (key === 'name') return compareText(a.name, b.name);
    if (key === 'path') return compareText(a.path, b.path);
    if (key === 'created_at') return a.createdAt - b.createdAt;
    if (key === 'updated_at') return a.updatedAt - b.updatedAt;
    if (key === 'last_activity_at') return a.lastActivityAt - b.lastActivityAt;
    return 0;
  };
  return projects.sort((a, b) => sign * (compare(a, b) || a.id - b.id));
}
