import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { agreed } from '../src/grants/drift.ts';
import { POLL_EVERY_MS } from '../src/grants/polling.ts';
import { DEFAULT_GRANT_SETTINGS } from '../src/grants/settings.ts';
import { auditHash, parseAuditEvent } from '../src/store/audit.ts';
import { unendedGrantsAt } from '../src/store/grants.ts';
import { parseKey } from '../src/store/ledger.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import { runSql } from '../test/support/run-sql.ts';
import type { Storage } from './gateway.ts';
import type { BenchSandbox, MemberRow } from './sandbox.ts';
import { numbersBelow } from './workload.ts';

const ROWS_AT_ONCE = 1_000;

type Row = Record<string, unknown>;
/** All that the gateway stored of one grant that it made. */
type Example = { from: Where; key: Row; grant: Row; events: ReturnType<typeof parseAuditEvent>[] };
type Where = ReturnType<BenchSandbox['whereIs']> & { row: MemberRow };

/**
 * Makes the grants of `range` by copying some that a gateway has made and verified (`examples`, by number): every column of every row that
 * it left of one is taken over, whatever the columns are, and only the place, the numbers of rows, the date of GitLab's row and
 * the chain of the audit are the copy's own. GitLab's rows are copied the same way. What stands then is proven by the gateway's
 * own comparison of each key with GitLab's row. No gateway may run.
 */
export async function copyGrants(
  storage: Storage,
  sandbox: BenchSandbox,
  { examples, range }: { examples: readonly number[]; range: readonly number[] },
): Promise<void> {
  await copyMemberships(sandbox, examples, range);
  const rows = await sandbox.rows();
  const where = (index: number): Where => {
    const place = sandbox.whereIs(index);
    const row = rows.get(place.key);
    if (row === undefined) throw new Error(`GitLab holds no membership for grant ${String(index)}.`);
    return { ...place, row };
  };
  const store = await openStore({ dataDir: storage.dataDir, databaseUrl: storage.databaseUrl, clockShiftMs: () => 0 });
  try {
    const read = [];
    for (const index of examples) read.push(await readExample(store, where(index)));
    await copyRows(store, read, range.map(where));
    // As each store does by itself when it has run for a while.
    for (const table of ['keys', 'grants', 'audit_events']) await runSql(store.db, `analyze ${table}`);
    await prove(store, rows);
  } finally {
    await store.close();
  }
}

const sameCase = (a: Where['place'] & { kind: string }, b: Where['place'] & { kind: string }): boolean =>
  a.kind === b.kind && a.raises === b.raises;
const caseOf = ({ place, source }: Pick<Where, 'place' | 'source'>) => ({ ...place, kind: source.kind });

function exampleFor<T extends { from: Pick<Where, 'place' | 'source'> }>(
  examples: readonly T[],
  to: Pick<Where, 'place' | 'source'>,
): T {
  const found = examples.find(({ from }) => sameCase(caseOf(from), caseOf(to)));
  if (found === undefined) throw new Error('No example is of that kind.');
  return found;
}

/** What the gateway's writes left in GitLab for the examples, for the others. */
export async function copyMemberships(sandbox: BenchSandbox, examples: readonly number[], range: readonly number[]) {
  const rows = await sandbox.rows();
  const made = examples.map((index) => ({ from: sandbox.whereIs(index) }));
  const edits = range.map((index) => {
    const to = sandbox.whereIs(index);
    const row = rows.get(exampleFor(made, to).from.key);
    if (row === undefined) throw new Error('GitLab does not hold an example.');
    const { accessLevel, expiresAt, createdById } = row;
    const at = { sourceKind: row.sourceKind, sourceId: to.source.id, userId: to.user.id };
    return to.place.raises
      ? { action: 'setMember', ...at, set: { accessLevel, expiresAt } }
      : { action: 'addMember', ...at, set: { accessLevel, expiresAt, createdById } };
  });
  await sandbox.control('POST', 'state', [...edits, { action: 'settleAuthorizations' }]);
}

async function readExample({ db }: Store, from: Where): Promise<Example> {
  const { source, user } = from;
  const [key] = await runSql<{ id: string; row: Row }>(
    db,
    `select id, to_jsonb(keys) as row from keys where source_kind = $1 and source_id = $2 and user_id = $3`,
    [source.kind, String(source.id), String(user.id)],
  );
  const [grant] = await runSql<{ id: string; row: Row }>(
    db,
    `select id, to_jsonb(grants) as row from grants where key_id = $1 and status = 'ACTIVE' and follow_at is null`,
    [key?.id],
  );
  if (key === undefined || grant === undefined) throw new Error('An example is not in force, or not followed up.');
  const events = await db
    .selectFrom('audit_events')
    .selectAll()
    .where('grant_id', '=', grant.id)
    .orderBy('sequence')
    .execute();
  return { from, key: key.row, grant: grant.row, events: events.map(parseAuditEvent) };
}

const namesOf = ({ source, user }: Where) => ({
  source: { kind: source.kind, id: String(source.id), path: source.fullPath },
  user: { id: String(user.id), username: user.username },
});

/** The same, told of another place. */
function movedTo(value: unknown, from: Where, to: Where): unknown {
  if (value === from.source.fullPath) return to.source.fullPath;
  if (Array.isArray(value)) return value.map((item: unknown) => movedTo(item, from, to));
  if (value === null || typeof value !== 'object') return value;
  const { source, user } = namesOf(to);
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => {
      if (name === 'source') return [name, source];
      if (name === 'user') return [name, user];
      if (name === 'createdAt' && inside === from.row.createdAt) return [name, to.row.createdAt];
      return [name, movedTo(inside, from, to)];
    }),
  );
}

async function newIds({ db }: Store, table: 'keys' | 'grants', count: number): Promise<string[]> {
  const rows = await runSql<{ id: string }>(
    db,
    `select nextval(pg_get_serial_sequence($1, 'id')) as id from generate_series(1, $2::integer)`,
    [table, count],
  );
  return rows.map(({ id }) => id);
}

async function copyRows(store: Store, examples: readonly Example[], places: readonly Where[]): Promise<void> {
  const sources = Math.max(...places.map(({ place }) => place.source)) + 1;
  const keyIds = await newIds(store, 'keys', places.length);
  const grantIds = await newIds(store, 'grants', places.length);
  const now = await store.clock.now();
  const keys: Row[] = [];
  const grants: Row[] = [];
  const events: { to: Where; grantId: string; example: Example }[] = [];
  for (const [nth, to] of places.entries()) {
    const example = exampleFor(examples, to);
    const [id = '', grantId = ''] = [keyIds[nth], grantIds[nth]];
    const names = namesOf(to);
    // A gateway that has run for a while polls all keys of a source together, and the sources one after the other.
    const lookAt = new Date(now.getTime() + (POLL_EVERY_MS * (to.place.source + 1)) / sources);
    keys.push({
      ...(movedTo(example.key, example.from, to) as Row),
      id,
      source_id: names.source.id,
      user_id: names.user.id,
      username: names.user.username,
      look_at: lookAt.toISOString(),
    });
    grants.push({ ...(movedTo(example.grant, example.from, to) as Row), id: grantId, key_id: id });
    events.push({ to, grantId, example });
  }
  await store.transaction(async (tx) => {
    const insert = async (table: 'keys' | 'grants' | 'audit_events', rows: readonly Row[]): Promise<void> => {
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
        await runSql(
          tx,
          `insert into ${table} overriding system value select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
          [JSON.stringify(rows.slice(from, from + ROWS_AT_ONCE))],
        );
      }
    };
    await insert('keys', keys);
    await insert('grants', grants);
    const head = await tx
      .selectFrom('audit_head')
      .selectAll()
      .where('id', '=', 1)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const { rows, sequence, hash } = chained(events, head);
    await insert('audit_events', rows);
    await tx.updateTable('audit_head').set({ sequence, hash }).where('id', '=', 1).execute();
  });
}

/** What the gateway told of the examples, told of their copies, in one chain that goes on from `head`. */
function chained(
  copies: readonly { to: Where; grantId: string; example: Example }[],
  head: { sequence: string; hash: string },
): { rows: Row[]; sequence: string; hash: string } {
  let { sequence, hash } = head;
  const rows = copies.flatMap(({ to, grantId, example }) =>
    example.events.map((event) => {
      sequence = (BigInt(sequence) + 1n).toString();
      const { source, user } = example.from;
      const was = `${user.username} on ${source.fullPath}`;
      const told = {
        ...event,
        sequence,
        grantId,
        summary: event.summary.replace(was, `${to.user.username} on ${to.source.fullPath}`),
        details: movedTo(event.details, example.from, to) as Row,
        previousHash: hash,
      };
      hash = auditHash(told);
      return {
        sequence,
        at: told.at.toISOString(),
        actor: told.actor,
        action: told.action,
        grant_id: grantId,
        revocation_id: told.revocationId,
        connection_id: told.connectionId,
        summary: told.summary,
        details: told.details,
        previous_hash: told.previousHash,
        hash,
      };
    }),
  );
  return { rows, sequence, hash };
}

/** Every key is in force and agrees with GitLab's row, by the comparison that the gateway's own poll makes. */
async function prove({ db, clock }: Store, members: Map<string, MemberRow>): Promise<void> {
  const keys = (await db.selectFrom('keys').selectAll().execute()).map(parseKey);
  const context = { settings: DEFAULT_GRANT_SETTINGS, now: await clock.now(), clockSkewMs: null };
  const grants = await unendedGrantsAt(
    db,
    keys.map(({ id }) => id),
  );
  const wrong = keys.filter((key) => {
    const row = members.get(`${key.source.kind} ${key.source.id} ${key.user.id}`);
    if (row === undefined) return true;
    const { accessLevel, expiresAt, createdAt } = row;
    const seen = {
      userId: key.user.id,
      username: key.user.username,
      accessLevel,
      expiresAt,
      createdAt,
      createdById: row.createdById === null ? null : String(row.createdById),
      memberRoleId: null,
      memberRole: null,
      state: 'active' as const,
      userState: 'ACTIVE' as const,
      ldap: false,
      samlRoot: false,
    };
    return !agreed({ key, grants: grants.get(key.id) ?? [], revocations: [] }, [seen], context);
  });
  if (wrong.length > 0) throw new Error(`${String(wrong.length)} of ${String(keys.length)} copies are not in order.`);
}

/** One grant of each kind: on groups and projects, a row added and a row raised. */
export const EXAMPLES = numbersBelow(4);

/** How many keys a write is under way at, as a killed gateway left them. Reads a copy, so that recovering stays the next one's work. */
export async function countIntents({ dataDir, databaseUrl }: Storage): Promise<number> {
  const copy = databaseUrl === null ? mkdtempSync(path.join(tmpdir(), 'gatehouse-bench-copy-')) : null;
  if (copy !== null) cpSync(path.join(dataDir, 'db'), path.join(copy, 'db'), { recursive: true });
  const store = await openStore({ dataDir: copy, databaseUrl, clockShiftMs: () => 0, asItIs: true });
  try {
    return (await store.db.selectFrom('keys').select('id').where('intent', 'is not', null).execute()).length;
  } finally {
    await store.close();
    if (copy !== null) rmSync(copy, { recursive: true, force: true });
  }
}
