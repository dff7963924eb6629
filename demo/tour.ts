import { isDeepStrictEqual } from 'node:util';
import type { Api } from './api.ts';
import * as documents from './documents.ts';

/** What the tour needs of the world it walks through. */
export type TourPlaces = {
  gitlabUrl: string;
  badToken: string;
  goodToken: string;
  /** A group that one person is in by three ways. */
  group: string;
  manyPathsUser: string;
  /** A project with a Developer whose membership has an end date. */
  project: string;
  developer: string;
};

export type TourDeps = {
  api: Api;
  places: TourPlaces;
  say: (line: string) => void;
  sleep: (ms: number) => Promise<void>;
};

const GRANT_SECONDS = 5;
/** How long after its time a grant may take to be seen ended before the tour calls it a failure. */
const END_WITHIN_MS = 20_000;
const POLL_MS = 500;

type Report = { passed: boolean; checks: { code: string; status: string; message: string; remedy: string | null }[] };
type Row = { accessLevel: string; expiresAt: string | null };

/** A step that did not show what it says ends the tour. */
function expect(shown: boolean, what: string): asserts shown {
  if (!shown) throw new Error(`The tour expected that ${what}.`);
}

async function testTokens({ api, places, say }: TourDeps): Promise<void> {
  type Answer = { testConnection: { report: Report | null } };
  const test = async (token: string): Promise<Report> => {
    const { testConnection } = await api<Answer>(documents.TEST_CONNECTION, { baseUrl: places.gitlabUrl, token });
    expect(testConnection.report !== null, 'a test answers with a report');
    return testConnection.report;
  };
  say('\n1. Test a connection with an expired token.');
  const bad = await test(places.badToken);
  expect(!bad.passed, 'an expired token fails the test');
  for (const check of bad.checks.filter(({ status }) => status === 'FAIL')) {
    say(`   ${check.status} ${check.code}: ${check.message}`);
    say(`        remedy: ${check.remedy ?? 'none'}`);
  }
  say('\n2. Test it with the token of a service account that owns the top-level group.');
  const good = await test(places.goodToken);
  expect(good.passed, 'the good token passes the test');
  for (const check of good.checks) say(`   ${check.status.padEnd(4)} ${check.code}: ${check.message}`);
}

async function save({ api, places, say }: TourDeps): Promise<string> {
  type Answer = {
    saveConnection: {
      connection: {
        id: string;
        identity: { username: string; kind: string };
        token: { daysLeft: number | null };
        instance: { version: string };
      } | null;
    };
  };
  say('\n3. Save the connection. The token is encrypted; no answer ever shows it again.');
  const variables = { baseUrl: places.gitlabUrl, token: places.goodToken };
  const { connection } = (await api<Answer>(documents.SAVE_CONNECTION, variables)).saveConnection;
  expect(connection !== null, 'the connection is saved');
  const { identity, token, instance } = connection;
  const left = token.daysLeft === null ? 'never expires' : `expires in ${String(token.daysLeft)} days`;
  say(`   GitLab ${instance.version}, acting as ${identity.username} (${identity.kind}); the token ${left}.`);
  return connection.id;
}

async function whoIsIn({ api, places, say }: TourDeps): Promise<void> {
  type Member = {
    kind: string;
    accessLevel: string | null;
    expiresAt: string | null;
    user: { username: string; state: string };
    source: { fullPath: string } | null;
  };
  type Answer = {
    connection: {
      group: {
        members: { nodes: Member[] };
        access: { accessLevel: string; pathsComplete: boolean; paths: Member[] };
      } | null;
    } | null;
  };
  say(`\n4. Who is in ${places.group}, and by which path?`);
  const variables = { group: places.group, user: places.manyPathsUser };
  const group = (await api<Answer>(documents.WHO_IS_IN, variables)).connection?.group ?? null;
  expect(group !== null, 'the group is readable');
  for (const { kind, accessLevel, user, source, expiresAt } of group.members.nodes) {
    const until = expiresAt === null ? '' : ` until ${expiresAt}`;
    const where = source?.fullPath ?? 'a private group';
    say(
      `   ${kind.padEnd(9)} ${user.username.padEnd(16)} ${String(accessLevel)} from ${where}${until} (${user.state})`,
    );
  }
  const { access } = group;
  say(`   ${places.manyPathsUser} has ${access.accessLevel} in effect, by:`);
  for (const path of access.paths)
    say(`     ${path.kind} ${String(path.accessLevel)} from ${path.source?.fullPath ?? '?'}`);
  const kinds = new Set(access.paths.map(({ kind }) => kind));
  expect(
    isDeepStrictEqual([...kinds].sort(), ['DIRECT', 'INHERITED', 'SHARED']),
    'all three kinds of path are told apart',
  );
}

async function directRow({ api, places }: TourDeps): Promise<Row & { grant: { reason: string } | null }> {
  type Answer = {
    connection: {
      project: {
        members: { nodes: (Row & { user: { username: string }; grant: { reason: string } | null })[] };
      } | null;
    } | null;
  };
  const variables = { project: places.project, user: places.developer };
  const { connection } = await api<Answer>(documents.DIRECT_MEMBER, variables);
  const row = connection?.project?.members.nodes.find(({ user }) => user.username === places.developer);
  expect(row !== undefined, `${places.developer} is a direct member of ${places.project}`);
  return row;
}

const describe = (row: Row): string =>
  `${row.accessLevel}${row.expiresAt === null ? ', no end date' : ` until ${row.expiresAt}`}`;

async function grantAccess(deps: TourDeps, connectionId: string): Promise<string> {
  const { api, places, say } = deps;
  type Answer = {
    grantAccess: {
      grant: {
        id: string;
        status: string;
        effect: string;
        expiresAt: string;
        problem: { message: string } | null;
      } | null;
      userErrors: { message: string }[];
    };
  };
  say(`\n6. Grant ${places.developer} Maintainer on ${places.project} for ${String(GRANT_SECONDS)} seconds.`);
  const { grant, userErrors } = (
    await api<Answer>(documents.GRANT_ACCESS, {
      connection: connectionId,
      user: places.developer,
      project: places.project,
      duration: `PT${String(GRANT_SECONDS)}S`,
    })
  ).grantAccess;
  expect(grant !== null, `the grant is made (${userErrors.map(({ message }) => message).join(' ')})`);
  expect(grant.status === 'ACTIVE', `a read of GitLab verified the grant (${grant.problem?.message ?? grant.status})`);
  say(`   ${grant.status}, effect ${grant.effect}, until ${grant.expiresAt}.`);
  const raised = await directRow(deps);
  expect(raised.accessLevel === 'MAINTAINER', 'GitLab shows Maintainer');
  expect(raised.grant !== null, 'the membership names the grant that raises it');
  say(`   GitLab shows ${describe(raised)}, because of: "${raised.grant.reason}".`);
  return grant.id;
}

type Status = {
  status: string;
  endReason: string | null;
  endedAt: string | null;
  expiresAt: string;
  problem: { message: string } | null;
  history: { nodes: { sequence: number; action: string; actor: string; summary: string }[] };
};

async function watchItEnd({ api, say, sleep }: TourDeps, grantId: string): Promise<Status> {
  say('\n7. Watch it end.');
  const deadline = performance.now() + GRANT_SECONDS * 1_000 + END_WITHIN_MS;
  let last = '';
  for (;;) {
    const { node } = await api<{ node: Status | null }>(documents.GRANT_STATUS, { id: grantId });
    expect(node !== null, 'the grant is known');
    if (node.status !== last) say(`   ${node.status}${node.endReason === null ? '' : ` (${node.endReason})`}`);
    last = node.status;
    if (node.status === 'ENDED') {
      const lateMs = Date.parse(node.endedAt ?? '') - Date.parse(node.expiresAt);
      say(`   A read of GitLab proved the end ${String(lateMs)} ms after it was due.`);
      return node;
    }
    expect(performance.now() < deadline, `the grant ends in time (${node.problem?.message ?? node.status})`);
    await sleep(POLL_MS);
  }
}

/** Walks the main job through the public API; throws at the first step that does not show what it says. */
export async function tour(deps: TourDeps): Promise<void> {
  const { places, say } = deps;
  await testTokens(deps);
  const connectionId = await save(deps);
  await whoIsIn(deps);
  const before = await directRow(deps);
  say(`\n5. ${places.developer} on ${places.project} before: ${describe(before)}.`);
  expect(before.accessLevel === 'DEVELOPER' && before.expiresAt !== null, 'the base is a Developer with an end date');
  const grantId = await grantAccess(deps, connectionId);
  const { history } = await watchItEnd(deps, grantId);
  const after = await directRow(deps);
  say(`\n8. ${places.developer} on ${places.project} after: ${describe(after)}.`);
  expect(describe(after) === describe(before) && after.grant === null, 'the base is restored as it was');
  say('\n9. What the audit says, oldest first:');
  for (const event of [...history.nodes].reverse()) {
    say(`   #${String(event.sequence)} ${event.action} by ${event.actor}: ${event.summary}`);
  }
  const actions = history.nodes.map(({ action }) => action);
  expect(actions.includes('GRANT_ACTIVATED') && actions.includes('GRANT_ENDED'), 'the audit tells of start and end');
}
