import type { DocumentNode } from 'graphql';
import type { CallPriority } from '../client.ts';
import { GitLabError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { afterRefusal, atMost } from '../graphql/capacity.ts';
import { execute } from '../graphql/execute.ts';
import type { Outcome, Refused } from '../graphql/execute.ts';
import { callerPart, limitsOf } from '../graphql/knowledge.ts';
import type { Knowledge } from '../graphql/knowledge.ts';
import { handOut } from './hand-out.ts';
import { mergedDocument, mergedVariables, withBotAsType } from './merge.ts';
import { pack } from './pack.ts';
import { pad } from './pad.ts';
import type { Part } from './part.ts';

/** Calls that dividing one refused query may take. */
const MAX_DIVIDED_CALLS = 64;
/** So many refusals without a success between them are GitLab's trouble, not one key's: fifty keys halve six times. */
const MAX_REFUSALS_IN_ROW = 8;

export type RunnerOptions = {
  exchange: (priority: CallPriority) => Exchange;
  knowledge: Knowledge;
  timeoutMs: number;
  nowMs: () => number;
};

/**
 * Runs parts in as few queries as GitLab's limits allow, together with those that others hand in within the same turn of the
 * event loop; resolves when each was settled or failed. Never rejects.
 */
export type Runner = { run(priority: CallPriority, parts: readonly Part[]): Promise<void> };

/** What one turn's query and all that it is divided into have left, and at which priority they go. */
type Course = { priority: CallPriority; left: number; refusedInRow: number };

/** Whether GitLab took the query, however it answered its parts. */
type Fate = 'answered' | 'refused' | 'failed';

function halves<T>(list: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

const sum = (parts: readonly Part[], of: (part: Part) => number): number =>
  parts.reduce((total, part) => total + of(part), 0);
const rowsOf = (parts: readonly Part[]): number => sum(parts, (part) => part.rows);

export function createRunner({ exchange, knowledge, timeoutMs, nowMs }: RunnerOptions): Runner {
  const documentOf = (part: Part): DocumentNode =>
    knowledge.lacks.has('userType') ? withBotAsType(part.document) : part.document;

  const ask = async (priority: CallPriority, asked: readonly Part[]): Promise<Outcome> => {
    const own = asked.slice(1);
    return execute(exchange(priority), {
      text: mergedDocument(asked.map(documentOf)).text,
      variables: mergedVariables(asked.map((part) => part.variables)),
      timeoutMs,
      mayBeDivided:
        own.filter((part) => part.isFiller !== true).length > 1 || own.some((part) => part.split().length > 1),
    });
  };

  const runAll = async (course: Course, packs: readonly Part[][]): Promise<Fate[]> =>
    Promise.all(packs.map(async (together) => runOne(course, together)));

  /** Asks again in smaller queries: several parts by halves, a single one by its own division. Keeps what then passes. */
  const divide = async (course: Course, parts: readonly Part[], why: GitLabError): Promise<void> => {
    const smaller = parts.length > 1 ? halves(parts) : halves(parts[0]?.split() ?? []);
    if (smaller[1].length === 0 || course.left < 2 || course.refusedInRow >= MAX_REFUSALS_IN_ROW) {
      for (const part of parts) part.fail(why);
      return;
    }
    const fates: Fate[] = [];
    for (const half of smaller) fates.push(await runOne(course, half));
    if (fates.some((fate) => fate !== 'answered')) return;
    const most = { rows: Math.max(...smaller.map(rowsOf)), parts: Math.max(...smaller.map((half) => half.length)) };
    knowledge.capacity = atMost(knowledge.capacity, nowMs(), parts.length > 1 ? most : { rows: most.rows });
  };

  /** GitLab counts more than we do, or allows less than we knew: whatever it says holds from now on. */
  const packAnew = async (
    course: Course,
    asked: readonly Part[],
    parts: readonly Part[],
    refused: Refused,
  ): Promise<void> => {
    const { complexity, error } = refused;
    if (complexity !== null) {
      const ours = sum(asked, (part) => part.points);
      const { counted: theirs, limit } = complexity;
      knowledge.capacity = afterRefusal(knowledge.capacity, nowMs(), { ours, theirs, limit });
      const packs = pack(parts, limitsOf(knowledge, nowMs()), documentOf);
      if (packs.length > 1 && packs.length <= course.left) {
        await runAll(course, packs);
        return;
      }
    }
    await divide(course, parts, error);
  };

  /** An older GitLab stumbled over something younger: asks without it what can be asked without it. */
  const withoutLacks = async (course: Course, parts: readonly Part[], refused: Refused): Promise<void> => {
    for (const lack of refused.lacks) knowledge.lacks.add(lack);
    const isLost = (part: Part): boolean =>
      knowledge.lacks.has('memberIds') && part.variables['userIds'] !== null && part.variables['userIds'] !== undefined;
    const askable = parts.filter((part) => !isLost(part));
    for (const part of parts) if (isLost(part)) part.fail(refused.error);
    if (askable.length > 0) await runOne(course, askable);
  };

  const runOne = async (course: Course, parts: readonly Part[]): Promise<Fate> => {
    course.left -= 1;
    const asked = [callerPart(knowledge, nowMs()), ...pad(parts, limitsOf(knowledge, nowMs()), documentOf)];
    try {
      const outcome = await ask(course.priority, asked);
      if (outcome.kind === 'refused') {
        course.refusedInRow += 1;
        if (outcome.lacks.some((lack) => !knowledge.lacks.has(lack))) await withoutLacks(course, parts, outcome);
        else await packAnew(course, asked, parts, outcome);
        return 'refused';
      }
      course.refusedInRow = 0;
      const { again, ranOutOfTime } = handOut(asked, outcome);
      if (ranOutOfTime) {
        knowledge.capacity = atMost(knowledge.capacity, nowMs(), { rows: Math.ceil(rowsOf(parts) / 2) });
      }
      for (const { part, error } of again) await divideOne(course, part, parts.length, error);
      return 'answered';
    } catch (error) {
      course.refusedInRow += 1;
      const failure = error instanceof GitLabError ? error : internal(error);
      for (const part of parts) part.fail(failure);
      return 'failed';
    }
  };

  /** A part that went wrong in company is asked alone once; one that was alone is divided. */
  const divideOne = async (course: Course, part: Part, company: number, error: GitLabError): Promise<void> => {
    if (company > 1 && error.code === 'UNAVAILABLE' && course.left > 0) await runOne(course, [part]);
    else await divide(course, [part], error);
  };

  const sendAll = (priority: CallPriority, parts: readonly Part[]): Map<Part, Promise<unknown>> => {
    const sent = new Map<Part, Promise<unknown>>();
    for (const together of pack(parts, limitsOf(knowledge, nowMs()), documentOf)) {
      const done = runOne({ priority, left: MAX_DIVIDED_CALLS, refusedInRow: 0 }, together);
      for (const part of together) sent.set(part, done);
    }
    return sent;
  };

  const gathering = new Map<CallPriority, { parts: Part[]; sent: Promise<Map<Part, Promise<unknown>>> }>();

  const gather = (priority: CallPriority): { parts: Part[]; sent: Promise<Map<Part, Promise<unknown>>> } => {
    const open = gathering.get(priority);
    if (open !== undefined) return open;
    const parts: Part[] = [];
    const sent = new Promise<Map<Part, Promise<unknown>>>((resolve) => {
      setImmediate(() => {
        gathering.delete(priority);
        resolve(sendAll(priority, parts));
      });
    });
    const made = { parts, sent };
    gathering.set(priority, made);
    return made;
  };

  return {
    run: async (priority, parts) => {
      if (parts.length === 0) return;
      const { parts: together, sent } = gather(priority);
      together.push(...parts);
      const done = await sent;
      await Promise.all(parts.map(async (part) => done.get(part)));
    },
  };
}

function internal(cause: unknown): GitLabError {
  return new GitLabError('UNREADABLE', "GitLab's answer could not be taken in.", {}, { cause });
}
