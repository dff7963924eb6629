import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GitLabError } from '../../src/gitlab/index.ts';
import type { Call, Exchange } from '../../src/gitlab/exchange.ts';
import { GroupByPathDocument, GroupsByIdDocument } from '../../src/gitlab/generated/operations.ts';
import { nothingKnown } from '../../src/gitlab/graphql/knowledge.ts';
import { createRunner } from '../../src/gitlab/packing/runner.ts';
import { groupAnswer, groupsAnswer } from '../../src/gitlab/parse/answers.ts';
import type { CountedGroup } from '../../src/gitlab/parse/answers.ts';
import type { GroupRecord } from '../../src/gitlab/records.ts';
import { aliasPart, listParts } from '../../src/gitlab/reads/lookup.ts';
import type { HttpResponse } from '../../src/gitlab/transport.ts';
import { gitlabPoints } from './support/points.ts';

/** How GitLab takes one request. */
type Mood = 'well' | 'complex' | 'exception' | 'slow validation' | 'too large' | 'out of time' | 'cut' | 'unreadable';
const MOODS: readonly Mood[] = [
  ...['well', 'well', 'well'],
  ...['complex', 'exception', 'slow validation', 'too large', 'out of time', 'cut', 'unreadable'],
] as readonly Mood[];

type Sent = { query: string; variables: Record<string, unknown> };

const said = (status: number, json: object): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(json),
  date: null,
});
const refusal = (message: string, status = 200): HttpResponse => said(status, { errors: [{ message }] });

function groupOf(id: string, fullPath: string): object {
  return { id, fullPath, name: fullPath, visibility: 'private', webUrl: '', parent: null, groupMembersCount: 3 };
}

/** Everything that is asked for, but for the part named `lost`, which ran out of time. */
function answered({ variables }: Sent, lost: string | null): HttpResponse {
  const data: Record<string, unknown> = {
    p0_currentUser: { id: 'gid://gitlab/User/1' },
    p0_metadata: { version: '18.9.0' },
    p0_queryComplexity: { limit: 250 },
  };
  for (const [name, value] of Object.entries(variables)) {
    const [part = ''] = name.split('_');
    if (name.endsWith('_fullPath')) data[`${part}_group`] = groupOf('gid://gitlab/Group/9', String(value));
    if (name.endsWith('_ids')) {
      data[`${part}_groups`] = { nodes: (value as string[]).map((id) => groupOf(id, `group-${id.slice(19)}`)) };
    }
  }
  const key = Object.keys(data).find((name) => name.startsWith(`${lost ?? ''}_group`));
  if (lost === null || key === undefined) return said(200, { data });
  return said(200, { data: { ...data, [key]: null }, errors: [{ message: 'Timeout on Query.group', path: [key] }] });
}

function answerIn(mood: Mood, sent: Sent): HttpResponse {
  if (mood === 'complex') return refusal('Query has complexity of 300, which exceeds max complexity of 60');
  if (mood === 'exception') return refusal('Internal server error', 500);
  if (mood === 'slow validation') return refusal('Timeout on validation of query');
  if (mood === 'too large') return refusal('Query too large', 422);
  if (mood === 'unreadable') return said(200, { data: 7 });
  if (mood === 'cut') throw new GitLabError('CONNECTION_LOST', 'The connection was cut.');
  return answered(sent, mood === 'out of time' ? 'p1' : null);
}

/** An exchange without a network, whose GitLab goes through these moods and then is well. */
function moody(moods: readonly Mood[]): { exchange: Exchange; sent: Sent[] } {
  const sent: Sent[] = [];
  const once = (call: Call): Promise<HttpResponse> => {
    const mood = moods[sent.length] ?? 'well';
    const request = call.json as Sent;
    sent.push(request);
    return Promise.resolve(request).then(() => answerIn(mood, request));
  };
  const exchange: Exchange = {
    once,
    write: once,
    read: once,
    retry: (work) => work(once),
    waitMs: () => null,
    toError: (response) => new GitLabError('UNAVAILABLE', 'GitLab is down.', { status: response.status }),
  };
  return { exchange, sent };
}

/** Results that count how often each key was answered. */
class Counted<T> extends Map<string, T | null | GitLabError> {
  readonly times = new Map<string, number>();

  override set(key: string, value: T | null | GitLabError): this {
    this.times.set(key, (this.times.get(key) ?? 0) + 1);
    return super.set(key, value);
  }
}

const byPath = { document: GroupByPathDocument, variables: (fullPath: string) => ({ fullPath }), schema: groupAnswer };
const byNumber = {
  document: GroupsByIdDocument,
  variables: (ids: string[]) => ({ ids: ids.map((id) => `gid://gitlab/Group/${id}`), count: ids.length }),
  schema: groupsAnswer,
  keyOf: ({ group }: CountedGroup) => group.id,
  size: 100,
};

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));

describe('whatever GitLab refuses', () => {
  const asking = fc.record({
    paths: fc.integer({ min: 0, max: 90 }),
    ids: fc.integer({ min: 0, max: 350 }),
    moods: fc.array(fc.constantFrom(...MOODS), { maxLength: 40 }),
  });

  it('every key is answered exactly once, by a value of its own or by an error', async () => {
    await fc.assert(
      fc.asyncProperty(asking, async ({ paths, ids, moods }) => {
        const { exchange } = moody(moods);
        const runner = createRunner({
          exchange: () => exchange,
          knowledge: nothingKnown(),
          timeoutMs: 1_000,
          nowMs: () => 0,
        });
        const [aliases, lists] = [new Counted<GroupRecord>(), new Counted<CountedGroup>()];
        const pathKeys = numbers(paths).map((path) => `p${path}`);
        await Promise.all([
          runner.run(
            'query',
            pathKeys.map((key) => aliasPart(byPath, key, aliases)),
          ),
          runner.run('query', listParts(byNumber, numbers(ids), lists)),
        ]);
        expect([...aliases.keys()].sort()).toEqual([...pathKeys].sort());
        expect([...lists.keys()].sort()).toEqual(numbers(ids).sort());
        expect([...aliases.times.values(), ...lists.times.values()].every((times) => times === 1)).toBe(true);
        for (const [key, found] of aliases)
          if (!(found instanceof GitLabError) && found?.fullPath !== key) throw new Error(`a wrong answer for ${key}`);
        for (const [key, found] of lists)
          if (!(found instanceof GitLabError) && found?.group.id !== key) throw new Error(`a wrong answer for ${key}`);
      }),
      { numRuns: 100 },
    );
  });

  it('no request is over the limit that is known by then, as GitLab counts it, nor over its length', async () => {
    await fc.assert(
      fc.asyncProperty(asking, fc.constantFrom(200, 250, 300), async ({ paths, ids, moods }, limit) => {
        const { exchange, sent } = moody(moods);
        const knowledge = { ...nothingKnown(), limit, learnedAtMs: 0 };
        const runner = createRunner({ exchange: () => exchange, knowledge, timeoutMs: 1_000, nowMs: () => 0 });
        const parts = [
          ...numbers(paths).map((key) => aliasPart(byPath, key, new Map())),
          ...listParts(byNumber, numbers(ids), new Map()),
        ];
        await runner.run('query', parts);
        for (const { query, variables } of sent) {
          expect(gitlabPoints(query, variables)).toBeLessThanOrEqual(limit);
          expect(query.length).toBeLessThanOrEqual(10_000);
        }
      }),
      { numRuns: 25 },
    );
  });
});
