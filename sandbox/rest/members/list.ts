import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { forbidden, json, recordNotFound, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  authorizedLevel,
  canReadGroup,
  canReadGroupMembers,
  directRow,
  hasPlan,
  linksInto,
  membersOf,
  selfAndAncestors,
  viewerGroupLevel,
  viewerProjectLevel,
  type Group,
  type Member,
  type SourceKind,
  type User,
} from '../../model/index.ts';
import { addressOf, limit, type Call, type Handler } from '../context.ts';
import { memberEntity, type ShownMember } from '../entities/members.ts';
import { findSource, pathParam, type Source } from '../lookup.ts';
import { byRelevance, userMatches } from '../search.ts';

const RULES = {
  query: { type: 'string' },
  user_ids: { type: 'ints' },
  skip_users: { type: 'ints' },
  show_seat_info: { type: 'bool' },
  with_saml_identity: { type: 'bool' },
  state: { type: 'string', values: ['awaiting', 'active'] },
} as const;

type Row = ShownMember & { readonly user: User };

/** The source, if the caller may read its members: a private group needs real membership. */
function readable(call: Call, kind: SourceKind): Source {
  const source = findSource(call, kind);
  if (source.kind === 'Group' && !canReadGroupMembers(call.world, call.viewer, source.group)) throw forbidden();
  return source;
}

function withUsers(call: Call, rows: Iterable<ShownMember>): Row[] {
  const found: Row[] = [];
  for (const shown of rows) {
    const user = call.world.users.get(shown.row.userId);
    if (user) found.push({ ...shown, user });
  }
  return found;
}

/** Minimal Access rows are shown on licensed root groups only. */
function showsMinimal(call: Call, source: Source): boolean {
  return source.kind === 'Group' && source.group.parentId === null && hasPlan(call.world.settings, 'premium');
}

function directRows(call: Call, source: Source): ShownMember[] {
  const minimal = showsMinimal(call, source);
  return membersOf(call.world, source.kind, source.id)
    .filter((row) => minimal || row.accessLevel !== ACCESS.MINIMAL)
    .map((row) => ({ row, level: row.accessLevel }));
}

/** Direct rows of a source, of everybody or of one user. */
function rowsAt(call: Call, kind: SourceKind, id: number, only: number | null): Member[] {
  if (only === null) return membersOf(call.world, kind, id);
  const row = directRow(call.world, kind, id, only);
  return row ? [row] : [];
}

/** Rows of groups above and of groups shared with a group or those above it, capped by the link. */
function groupRows(call: Call, group: Group, only: number | null): ShownMember[] {
  const { world, viewer } = call;
  const chain = selfAndAncestors(world, group.id);
  const rows: ShownMember[] = [];
  for (const item of chain) {
    for (const row of rowsAt(call, 'Group', item.id, only)) rows.push({ row, level: row.accessLevel });
  }
  const member = viewerGroupLevel(world, viewer, group.id) > 0;
  for (const link of chain.flatMap((item) => linksInto(world, 'Group', item.id))) {
    if (!seesInvited(call, member, link.invitedGroupId)) continue;
    for (const row of rowsAt(call, 'Group', link.invitedGroupId, only)) {
      rows.push({ row, level: Math.min(link.accessLevel, row.accessLevel) });
    }
  }
  return rows;
}

/** Members that come only from a private group the caller cannot read are hidden from non-members. */
function seesInvited(call: Call, callerIsMember: boolean, groupId: number): boolean {
  const group = call.world.groups.get(groupId);
  return group !== undefined && (callerIsMember || canReadGroup(call.world, call.viewer, group));
}

function pick(best: Map<number, ShownMember>, candidates: Iterable<ShownMember>, prefer: number | null): void {
  for (const shown of candidates) {
    const known = best.get(shown.row.userId);
    const wins =
      !known ||
      shown.level > known.level ||
      (shown.level === known.level && shown.row.sourceId === prefer && known.row.sourceId !== prefer);
    if (wins) best.set(shown.row.userId, shown);
  }
}

/** One row per user over all relations, in order of row id (docs/gitlab.md §members all). */
function allRows(call: Call, source: Source, only: number | null = null): ShownMember[] {
  const best = new Map<number, ShownMember>();
  if (source.kind === 'Group') {
    const minimal = showsMinimal(call, source);
    const rows = groupRows(call, source.group, only);
    pick(
      best,
      rows.filter((shown) => minimal || shown.level !== ACCESS.MINIMAL),
      source.id,
    );
  } else {
    fillProject(call, source, best, only);
  }
  return [...best.values()].sort((a, b) => a.row.id - b.row.id);
}

/** Who appears is decided by live rows, the level by the authorization in force or else by the row. */
function fillProject(
  call: Call,
  source: Source & { kind: 'Project' },
  best: Map<number, ShownMember>,
  only: number | null,
): void {
  const { world, viewer } = call;
  const inherited = new Map<number, ShownMember>();
  const group = source.project.groupId === null ? undefined : world.groups.get(source.project.groupId);
  if (group) pick(inherited, groupRows(call, group, only), null);
  const member = viewerProjectLevel(world, viewer, source.id) > 0;
  for (const link of linksInto(world, 'Project', source.id)) {
    const invited = world.groups.get(link.invitedGroupId);
    if (invited && seesInvited(call, member, invited.id)) pick(inherited, groupRows(call, invited, only), null);
  }
  for (const row of rowsAt(call, 'Project', source.id, only)) {
    inherited.set(row.userId, { row, level: row.accessLevel });
  }
  for (const [userId, shown] of inherited) {
    if (shown.row.accessLevel === ACCESS.MINIMAL) continue;
    const level = authorizedLevel(world, userId, source.id);
    best.set(userId, { row: shown.row, level: level === 0 ? shown.row.accessLevel : level });
  }
}

function reply(call: Call, rows: ShownMember[], honourSkip: boolean): Reply {
  const sent = check(call.params, RULES);
  const ids = sent.user_ids && sent.user_ids.length > 0 ? new Set(sent.user_ids) : null;
  const skip = new Set(honourSkip ? sent.skip_users : []);
  const query = sent.query ?? '';
  const wanted = rows.filter(
    ({ row }) => (ids?.has(row.userId) ?? true) && !skip.has(row.userId) && (sent.state ?? row.state) === row.state,
  );
  let found = withUsers(call, wanted);
  if (query !== '') {
    const order = byRelevance(query);
    found = found.filter((row) => userMatches(row.user, query)).sort((a, b) => order(a.user, b.user));
  }
  const seatInfo = sent.show_seat_info === true;
  return paginate(addressOf(call), found, (row) => memberEntity(call, row, row.user, { seatInfo }));
}

/** GET .../members: direct rows. */
export function listDirect(kind: SourceKind): Handler {
  return (call) => {
    check(call.params, RULES);
    const source = readable(call, kind);
    return reply(call, directRows(call, source), true);
  };
}

/** GET .../members/all: direct, inherited and invited, one row per user. */
export function listAll(kind: SourceKind): Handler {
  return (call) => {
    check(call.params, RULES);
    limit(call, 'project_members_api');
    const source = readable(call, kind);
    return reply(call, allRows(call, source), false);
  };
}

function numericUser(call: Call): number {
  const { user_id: id } = check(call.params, { user_id: { type: 'int', required: true } });
  return id ?? 0;
}

/** GET .../members/:user_id: the direct row. */
export function getDirect(kind: SourceKind): Handler {
  return (call) => {
    const userId = numericUser(call);
    const source = readable(call, kind);
    const row = directRow(call.world, source.kind, source.id, userId);
    if (!row || (row.accessLevel === ACCESS.MINIMAL && !showsMinimal(call, source))) throw recordNotFound();
    return show(call, { row, level: row.accessLevel });
  };
}

/** GET .../members/all/:user_id: the effective row. */
export function getEffective(kind: SourceKind): Handler {
  return (call) => {
    const userId = numericUser(call);
    const source = readable(call, kind);
    const [shown] = allRows(call, source, userId);
    if (!shown) throw recordNotFound();
    return show(call, shown);
  };
}

function show(call: Call, shown: ShownMember): Reply {
  const user = call.world.users.get(shown.row.userId);
  if (!user) throw recordNotFound();
  return json(200, memberEntity(call, shown, user));
}

/** The direct row that PUT and DELETE act on; access requests and missing rows are 404 alike. */
export function rowOf(call: Call, source: Source): Member {
  const row = directRow(call.world, source.kind, source.id, Number(pathParam(call, 'user_id')));
  if (!row) throw recordNotFound();
  return row;
}
