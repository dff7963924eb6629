import { paginate } from '../../http/paginate.ts';
import type { Reply } from '../../http/reply.ts';
import {
  canReadProject,
  linksOf,
  projectsIn,
  selfAndAncestors,
  subtree,
  type Group,
  type Project,
} from '../../model/index.ts';
import { addressOf, limit, type Call } from '../context.ts';
import { projectEntity, projectSimple } from '../entities/projects.ts';
import { findGroup } from '../lookup.ts';
import { filterProjects, projectFilters } from './filter.ts';

function shared(call: Call, groups: readonly Group[]): Project[] {
  const found: Project[] = [];
  for (const group of groups) {
    for (const link of linksOf(call.world, group.id)) {
      const project = link.sharedKind === 'Project' ? call.world.projects.get(link.sharedId) : undefined;
      if (project) found.push(project);
    }
  }
  return found;
}

/** A group's own projects and those of others it was invited to, as far as the caller may see them. */
export function directAndShared(call: Call, group: Group): { direct: Project[]; shared: Project[] } {
  const seen = (project: Project): boolean => canReadProject(call.world, call.viewer, project);
  return {
    direct: projectsIn(call.world, group.id).filter(seen),
    shared: shared(call, [group]).filter(seen),
  };
}

/** GET /groups/:id/projects: own ones, by default with those of others shared into the group. */
export function listOfGroup(call: Call): Reply {
  limit(call, 'group_projects_api');
  const sent = projectFilters(call.params);
  const group = findGroup(call);
  const { world, viewer } = call;
  const groups = sent.include_subgroups ? subtree(world, group.id) : [group];
  if (sent.include_ancestor_groups) groups.push(...selfAndAncestors(world, group.id).slice(1));
  const found = groups.flatMap((item) => projectsIn(world, item.id));
  if (sent.with_shared !== false) found.push(...shared(call, groups));
  const readable = [...new Set(found)].filter((project) => canReadProject(world, viewer, project));
  const projects = filterProjects(call, readable, sent);
  const shape = sent.simple ? projectSimple : projectEntity;
  return paginate(addressOf(call), projects, (project) => shape(call, project));
}
