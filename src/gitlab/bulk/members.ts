import { GitLabError } from '../errors.ts';
import {
  BulkGroupMembersByPathDocument,
  BulkGroupMembersDocument,
  BulkProjectMembersDocument,
} from '../generated/operations.ts';
import { atLeast } from '../graphql/knowledge.ts';
import { part } from '../packing/part.ts';
import type { Part, PartError } from '../packing/part.ts';
import { gid } from '../parse/gid.ts';
import { toPage } from '../parse/pages.ts';
import { chunks } from '../reads/results.ts';
import type { Session } from '../session.ts';
import { INVITED, groupRowsAnswer, groupRowsByPathAnswer, projectRowsAnswer } from './parse.ts';
import type { RowsOf } from './parse.ts';
import { sourceKey } from './records.ts';
import type { BulkSource, MembersAnswer } from './records.ts';

/** Sources in one field; beyond it time, not complexity, is what runs out (docs/gitlab.md §GraphQL complexity). */
const SOURCES = 20;
const PAGE = 100;

type Asked = BulkSource & { after: string | null };
type Results = Map<string, MembersAnswer>;

const REFUSED = new GitLabError('FORBIDDEN', 'GitLab does not list the members there to this token.');
const GAP = new GitLabError('UNREADABLE', 'GitLab could not show one of the members there.');

function answerOf(raw: NonNullable<RowsOf['page']>): MembersAnswer {
  if (raw.nodes.includes(null)) return GAP;
  const page = toPage(raw);
  if (page instanceof GitLabError) return page;
  const items = page.items.flatMap((row) => (row === INVITED ? [] : [row]));
  return { items, hasNextPage: page.hasNextPage, endCursor: page.endCursor };
}

/** Hands out an answer's pages; the error of a source is the one at its own place in the answer. */
function settle(
  asked: readonly Asked[],
  found: readonly (RowsOf | null)[],
  errors: readonly PartError[],
  results: Results,
): void {
  const places = new Map(found.flatMap((one, index) => (one === null ? [] : [[one.id, { one, index }] as const])));
  const broken = found.includes(null) || (found.length === 0 && errors.length > 0);
  for (const source of asked) {
    const place = places.get(source.id);
    const first = errors[0]?.error;
    const own = errors.find(({ path }) => path[2] === place?.index)?.error;
    if (place === undefined) results.set(sourceKey(source), broken ? (first ?? REFUSED) : null);
    else if (own !== undefined || place.one.page === null) results.set(sourceKey(source), own ?? first ?? REFUSED);
    else results.set(sourceKey(source), answerOf(place.one.page));
  }
}

function membersPart(asked: readonly Asked[], results: Results, byPath: boolean): Part {
  const [one] = asked;
  if (one === undefined) throw new Error('A question about members is missing.');
  const take = {
    rows: asked.length * PAGE,
    settle: (found: readonly (RowsOf | null)[], errors: readonly PartError[]) => {
      settle(asked, found, errors, results);
      return null;
    },
    fail: (error: GitLabError) => {
      for (const source of asked) results.set(sourceKey(source), error);
    },
    split: () =>
      asked.length < 2
        ? []
        : chunks(asked, Math.ceil(asked.length / 2)).map((half) => membersPart(half, results, byPath)),
  };
  const page = { first: PAGE, after: one.after };
  if (one.kind === 'group' && byPath) {
    const variables = { fullPath: one.fullPath, ...page };
    return part({ document: BulkGroupMembersByPathDocument, variables, schema: groupRowsByPathAnswer, ...take });
  }
  const ids = asked.map(({ id }) => gid(one.kind === 'group' ? 'Group' : 'Project', id));
  const variables = { ids, count: ids.length, ...page };
  return one.kind === 'group'
    ? part({ document: BulkGroupMembersDocument, variables, schema: groupRowsAnswer, ...take })
    : part({ document: BulkProjectMembersDocument, variables, schema: projectRowsAnswer, ...take });
}

/** Direct rows, a page for each source: first pages of many in one field, a further page in a field of its own. */
export async function bulkMembers(session: Session, sources: readonly Asked[]): Promise<Results> {
  const results: Results = new Map();
  if (sources.some(({ kind }) => kind === 'group')) await session.learn();
  const byPath = !atLeast(session.knowledge, 17, 6);
  const first = sources.filter(({ after }) => after === null);
  const further = sources.filter(({ after }) => after !== null).map((source) => [source]);
  const ofKind = (kind: 'group' | 'project'): Asked[][] =>
    chunks(
      first.filter((source) => source.kind === kind),
      kind === 'group' && byPath ? 1 : SOURCES,
    );
  const together = [...ofKind('group'), ...ofKind('project'), ...further];
  await session.run(together.map((asked) => membersPart(asked, results, byPath)));
  return results;
}
