import type { Route } from '../context.ts';
import { listOfGroup } from '../projects/of-group.ts';
import { listDescendants, listGroups, listSubgroups } from './list.ts';
import { createGroup, deleteGroup, getGroup, restoreGroup, updateGroup } from './write.ts';

/** Groups and what is below them. */
export const GROUP_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/groups', handler: listGroups, open: true },
  { method: 'POST', path: '/groups', handler: createGroup },
  { method: 'GET', path: '/groups/:id', handler: getGroup, open: true },
  { method: 'PUT', path: '/groups/:id', handler: updateGroup },
  { method: 'DELETE', path: '/groups/:id', handler: deleteGroup },
  { method: 'POST', path: '/groups/:id/restore', handler: restoreGroup },
  { method: 'GET', path: '/groups/:id/subgroups', handler: listSubgroups, open: true },
  { method: 'GET', path: '/groups/:id/descendant_groups', handler: listDescendants, open: true },
  { method: 'GET', path: '/groups/:id/projects', handler: listOfGroup, open: true },
];
