import { Kind } from 'graphql';
import type { DocumentNode } from 'graphql';
import type { CallPriority } from '../client.ts';
import { GitLabError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { execute, fieldError, ranOutOfTime } from '../graphql/execute.ts';
import type { AnswerError, Outcome } from '../graphql/execute.ts';
import { callerPart } from '../graphql/knowledge.ts';
import type { Knowledge } from '../graphql/knowledge.ts';
import { operationOf, mergedDocument, mergedVariables, prefix, withBotAsType } from './merge.ts';
import { pack } from './pack.ts';
import type { PackLimits } from './pack.ts';
import type { Part, PartError } from './part.ts';

/** Points kept free in each query: what the first part needs, and room for a difference in counting. */
export const SPARE_POINTS = 10;
const MAX_TEXT_LENGTH = 9_500;
const MAX_ROWS = 4_000;
const MAX_PARTS = 50;
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

type CallsLeft = { left: number; refusedInRow: number };

export function limitsFor(limit: number): PackLimits {
  return { points: Math.max(1, limit - SPARE_POINTS), textLength: MAX_TEXT_LENGTH, rows: MAX_ROWS, parts: MAX_PARTS };
}

function halves<T>(list: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

/** The answer's share for the nth part, under the names that its operation uses. */
function share(part: Part, index: number, data: Record<string, unknown>): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const selection of operationOf(part.document).selectionSet.selections) {
    if (selection.kind === Kind.FIELD) own[selection.name.value] = data[prefix(index) + selection.name.value];
  }
  return own;
}

function errorsOf(index: number, errors: readonly AnswerError[]): { timedOut: boolean; own: PartError[] } {
  const own = errors.filter(({ path }) => String(path[0] ?? '').startsWith(prefix(index)));
  return {
    timedOut: own.some((error) => ranOutOfTime(error.message)),
    own: own.map(({ message, path }) => ({ path, error: fieldError(message) })),
  };
}

export function createRunner(options: RunnerOptions): Runner {
  const { knowledge } = options;

  const documentOf = (part: Part): DocumentNode =>
    knowledge.lacks.has('userType') ? withBotAsType(part.document) : part.document;

  const ask = async (exchange: Exchange, parts: readonly Part[]): Promise<Outcome> =>
    execute(exchange, {
      text: mergedDocument(parts.map(documentOf)).text,
      variables: mergedVariables(parts.map((part) => part.variables)),
      timeoutMs: options.timeoutMs,
      mayBeDivided: parts.length > 2 || parts.slice(1).some((part) => part.split().length > 1),
    });

  /** Hands out one query's answer; returns the parts that need a smaller query, with the reason. */
  const handOut = (
    asked: readonly Part[],
    outcome: Outcome & { kind: 'data' },
  ): { part: Part; error: GitLabError }[] => {
    const again: { part: Part; error: GitLabError }[] = [];
    let condemned: GitLabError | null = null;
    asked.forEach((part, index) => {
      if (condemned !== null) {
        part.fail(condemned);
        return;
      }
      const { timedOut, own } = errorsOf(index, outcome.errors);
      const first = own[0]?.error;
      const error = timedOut && first !== undefined ? first : part.settle(share(part, index, outcome.data), own);
      if (error === null) return;
      if (index === 0) condemned = error;
      else again.push({ part, error });
    });
    return again;
  };

  /** Asks again in smaller queries: several parts by halves, a single one by its own division. */
  const divide = async (
    priority: CallPriority,
    parts: readonly Part[],
    why: GitLabError,
    calls: CallsLeft,
  ): Promise<void> => {
    const smaller = parts.length > 1 ? halves(parts) : halves(parts[0]?.split() ?? []);
    if (smaller[1].length === 0 || calls.left < 2 || calls.refusedInRow >= MAX_REFUSALS_IN_ROW) {
      for (const part of parts) part.fail(why);
      return;
    }
    for (const half of smaller) await runOne(priority, half, calls);
  };

  const runOne = async (priority: CallPriority, parts: readonly Part[], calls: CallsLeft): Promise<void> => {
    calls.left -= 1;
    const asked = [callerPart(knowledge, options.nowMs()), ...parts];
    try {
      const outcome = await ask(options.exchange(priority), asked);
      calls.refusedInRow = outcome.kind === 'refused' ? calls.refusedInRow + 1 : 0;
      if (outcome.kind === 'refused') {
        if (outcome.limit !== null) knowledge.limit = outcome.limit;
        const adaptable = outcome.lacks.includes('userType') && !knowledge.lacks.has('userType');
        for (const lack of outcome.lacks) knowledge.lacks.add(lack);
        if (adaptable) {
          await runOne(priority, parts, calls);
          return;
        }
        await divide(priority, parts, outcome.error, calls);
        return;
      }
      for (const { part, error } of handOut(asked, outcome))
        await divideOne(priority, part, parts.length, error, calls);
    } catch (error) {
      calls.refusedInRow += 1;
      const failure = error instanceof GitLabError ? error : internal(error);
      for (const part of parts) part.fail(failure);
    }
  };

  /** A part that went wrong in company is asked alone once; one that was alone is divided. */
  const divideOne = async (
    priority: CallPriority,
    part: Part,
    company: number,
    error: GitLabError,
    calls: CallsLeft,
  ): Promise<void> => {
    if (company > 1 && error.code === 'UNAVAILABLE' && calls.left > 0) await runOne(priority, [part], calls);
    else await divide(priority, [part], error, calls);
  };

  const sendAll = (priority: CallPriority, parts: readonly Part[]): Map<Part, Promise<void>> => {
    const sent = new Map<Part, Promise<void>>();
    for (const together of pack(parts, limitsFor(knowledge.limit))) {
      const done = runOne(priority, together, { left: MAX_DIVIDED_CALLS, refusedInRow: 0 });
      for (const part of together) sent.set(part, done);
    }
    return sent;
  };

  const gathering = new Map<CallPriority, { parts: Part[]; sent: Promise<Map<Part, Promise<void>>> }>();

  const gather = (priority: CallPriority): { parts: Part[]; sent: Promise<Map<Part, Promise<void>>> } => {
    const open = gathering.get(priority);
    if (open !== undefined) return open;
    const parts: Part[] = [];
    const sent = new Promise<Map<Part, Promise<void>>>((resolve) => {
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
