import { forbidden, json, recordNotFound, type Reply } from '../../http/reply.ts';
import { changeMember } from '../../model/index.ts';
import type { Call } from '../context.ts';
import { memberEntity } from '../entities/members.ts';
import { findSource } from '../lookup.ts';
import { rowOf } from './list.ts';
import { canAdminMembers } from './rights.ts';

/** POST and DELETE /groups/:id/members/:user_id/override: frees a row from LDAP sync, or hands it back. */
export function setOverride(override: boolean) {
  return (call: Call): Reply => {
    const source = findSource(call, 'Group');
    const row = rowOf(call, source);
    const user = call.world.users.get(row.userId);
    if (!user) throw recordNotFound();
    if (!canAdminMembers(call, source) || !row.ldap) throw forbidden();
    changeMember(call.world, row, { override });
    return json(override ? 201 : 200, memberEntity(call, { row, level: row.accessLevel }, user));
  };
}
