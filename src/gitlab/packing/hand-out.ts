import { Kind } from 'graphql';
import type { GitLabError } from '../errors.ts';
import { fieldError, ranOutOfTime } from '../graphql/execute.ts';
import type { AnswerError, Outcome } from '../graphql/execute.ts';
import { operationOf, prefix } from './merge.ts';
import type { Part, PartError } from './part.ts';

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

export type HandedOut = { again: { part: Part; error: GitLabError }[]; ranOutOfTime: boolean };

/**
 * Hands out one query's answer; returns the parts that need a smaller query, with the reason. What is wrong with the first part
 * (who we are to GitLab) is wrong with all.
 */
export function handOut(asked: readonly Part[], outcome: Outcome & { kind: 'data' }): HandedOut {
  const again: HandedOut['again'] = [];
  let condemned: GitLabError | null = null;
  let anyOutOfTime = false;
  asked.forEach((part, index) => {
    if (condemned !== null) {
      part.fail(condemned);
      return;
    }
    if (part.isFiller === true) return;
    const { timedOut, own } = errorsOf(index, outcome.errors);
    anyOutOfTime ||= timedOut;
    const first = own[0]?.error;
    const error = timedOut && first !== undefined ? first : part.settle(share(part, index, outcome.data), own);
    if (error === null) return;
    if (index === 0) condemned = error;
    else again.push({ part, error });
  });
  return { again, ranOutOfTime: anyOutOfTime };
}
