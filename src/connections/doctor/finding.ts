import type { GitLabError } from '../../gitlab/errors.ts';
import type { CheckStatus } from '../records.ts';
import type { Answer, Facts } from './facts.ts';

/** What a check found; null: the facts do not tell, because an earlier check failed. */
export type Finding = { status: CheckStatus; message: string; remedy: string | null } | null;
/** One check of the doctor: pure. */
export type Check = (facts: Facts) => Finding;

export const pass = (message: string): Finding => ({ status: 'PASS', message, remedy: null });
export const warn = (message: string, remedy: string): Finding => ({ status: 'WARN', message, remedy });
export const fail = (message: string, remedy: string): Finding => ({ status: 'FAIL', message, remedy });
/** Does not apply here, which is no fault. */
export const skip = (message: string): Finding => ({ status: 'SKIP', message, remedy: null });

/** The answer's value, or null where there is none. */
export function valueOf<T>(answer: Answer<T>): T | null {
  return answer && 'value' in answer ? answer.value : null;
}

/** Why there is no answer, or null where there is one or nothing was asked. */
export function errorOf(answer: Answer<unknown>): GitLabError | null {
  return answer && 'error' in answer ? answer.error : null;
}

/** A refusal in the middle of a test that began well: most often passing trouble, so the remedy is to look and try again. */
export function unanswered(what: string, error: GitLabError): Finding {
  return fail(
    `${what} could not be read: ${error.message}`,
    'Test again; if it stays, look in the logs of GitLab and of the proxy before it.',
  );
}

/** Names for a sentence, at most `most` of them. */
export function listed(names: readonly string[], most = 10): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${String(rest)} more` : names.join(', ');
}
