import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { forbidden, json, recordNotFound, type Reply } from '../../http/reply.ts';
import { ACCESS, canReadGroupMembers, directRow, type Member, type SourceKind, type User } from '../../model/index.ts';
import { addressOf, limit, type Call, type Handler } from '../context.ts';
import { memberEntity, type ShownMember } from '../entities/members.ts';
import { findSource, pathParam, type Source } from '../lookup.ts';
import { byRelevance, userMatches } from '../search.ts';
import { canAdminMembers } from './rights.ts';
import { allRows, directRows, showsMinimal } from './rows.ts';

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
    const sent = check(call.params, RULES);
    const source = readable(call, kind);
    const rows = directRows(call, source);
    return reply(call, sent.with_saml_identity === true ? linkedOnly(call, source, rows) : rows, true);
  };
}

/** Only people whom the group's SAML provider knows; for its Owners, elsewhere the wish is passed over. */
function linkedOnly(call: Call, source: Source, rows: ShownMember[]): ShownMember[] {
  if (source.kind !== 'Group' || !source.group.saml?.enabled || !canAdminMembers(call, source)) return rows;
  return rows.filter(({ row }) => call.world.users.get(row.userId)?.samlIdentities.has(source.id));
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
