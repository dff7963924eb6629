import type { SourceKind } from '../../model/index.ts';
import type { Route } from '../context.ts';
import { addMembers } from './add.ts';
import { getDirect, getEffective, listAll, listDirect } from './list.ts';
import { setOverride } from './override.ts';
import { deleteMember } from './remove.ts';
import { updateMember } from './update.ts';

function routesOf(kind: SourceKind): Route[] {
  const base = `/${kind.toLowerCase()}s/:id/members`;
  return [
    { method: 'GET', path: base, handler: listDirect(kind) },
    { method: 'GET', path: `${base}/all`, handler: listAll(kind) },
    { method: 'GET', path: `${base}/all/:user_id`, handler: getEffective(kind) },
    { method: 'GET', path: `${base}/:user_id`, handler: getDirect(kind) },
    { method: 'POST', path: base, handler: addMembers(kind) },
    { method: 'PUT', path: `${base}/:user_id`, handler: updateMember(kind) },
    { method: 'DELETE', path: `${base}/:user_id`, handler: deleteMember(kind) },
  ];
}

const OVERRIDE = '/groups/:id/members/:user_id/override';

/** Members of groups and of projects. */
export const MEMBER_ROUTES: readonly Route[] = [
  ...routesOf('Group'),
  ...routesOf('Project'),
  { method: 'POST', path: OVERRIDE, handler: setOverride(true), enterprise: true },
  { method: 'DELETE', path: OVERRIDE, handler: setOverride(false), enterprise: true },
];
