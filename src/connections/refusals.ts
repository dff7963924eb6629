import type { Refusal, UserError } from '../errors.ts';
import { refuse } from '../errors.ts';
import type { GitLabError } from '../gitlab/errors.ts';
import type { TestResult } from './records.ts';

/** The checks that failed, for the caller of a save or an update that stored nothing. */
export function testFailed(result: TestResult): UserError {
  const failed = result.report.checks.filter((check) => check.status === 'FAIL');
  const said = failed.map((check) => `${check.code}: ${check.message}`).join(' ');
  return {
    code: 'CONNECTION_TEST_FAILED',
    message: `Nothing was saved, because the test failed. ${said}`,
    field: null,
  };
}

export function nameTaken(name: string): Refusal {
  return refuse('CONNECTION_NAME_TAKEN', `There is a connection named "${name}" already. Choose another name.`, [
    'name',
  ]);
}

export function noSuchConnection(): Refusal {
  return refuse('NOT_FOUND', 'There is no such connection. It may have been deleted.', ['connectionId']);
}

/** For a repeat whose connection has gone since. */
export function goneSince(): Refusal {
  return refuse('NOT_FOUND', 'The connection that this call worked on before has been deleted since.');
}

export function inUse(message: string): Refusal {
  return refuse('CONNECTION_IN_USE', message);
}

/** `1 grant or revocation still stands`, `3 grants or revocations still stand`. */
export function stillStanding(standing: number): string {
  return standing === 1
    ? '1 grant or revocation still stands'
    : `${String(standing)} grants or revocations still stand`;
}

const MOST_NAMED = 5;

/** For a token that could not take back what stands in these places. */
export function lesserReach(paths: readonly string[]): Refusal {
  const more = paths.length > MOST_NAMED ? ` and ${String(paths.length - MOST_NAMED)} more` : '';
  return inUse(
    `With this token, what was granted could no longer be revoked in ${paths.slice(0, MOST_NAMED).join(', ')}${more}. ` +
      "Give the token's user Owner there (of a project: Maintainer), or set force and end the grants by other means.",
  );
}

/** For a rotation that did not happen: the old token works. */
export function notRotated(why: string): Refusal {
  return refuse('TOKEN_NOT_ROTATED', `The token was not rotated. ${why} The stored token still works; ask again.`);
}

/** For a rotation that nobody knows the outcome of yet: no second one is sent meanwhile. */
export function rotationUnsettled(): Refusal {
  return refuse(
    'TOKEN_NOT_ROTATED',
    'A rotation of this token was sent and its outcome is not known yet. Ask again in a minute: the token is looked at first. If it stays so, give the connection a new token with updateConnection.',
  );
}

/** For a rotation that happened and whose new token was lost on the way. */
export function rotationLost(): UserError {
  return {
    code: 'CONNECTION_DEGRADED',
    message:
      "The rotation's answer was lost and the old token is dead. Make a new token in GitLab and give it to the connection with updateConnection.",
    field: null,
  };
}

/** For a rotation that GitLab answered with a refusal; the old token works. */
export function refusedByGitLab({ message, details }: GitLabError): Refusal {
  const said = details.text === undefined ? '' : ` It says: ${details.text}`;
  return refuse('REFUSED_BY_GITLAB', `The token was not rotated and still works. ${message}${said}`);
}
