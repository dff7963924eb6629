import type { Check } from './finding.ts';
import { errorOf, fail, pass, unanswered, valueOf, warn } from './finding.ts';

/** Before 16.0 tokens cannot be rotated and members lack fields that grants are judged by. */
const OLDEST = [16, 0] as const;
/** From here GitLab answers several groups or people by key in one call. */
const FULL_SPEED = [17, 6] as const;

/** Major and minor of `18.5.2-ee` and the like; null for anything else (docs/gitlab.md §versions). */
function parseVersion(version: string): readonly [number, number] | null {
  const match = /^(\d+)\.(\d+)/.exec(version);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

function below(version: readonly [number, number], bound: readonly [number, number]): boolean {
  return version[0] < bound[0] || (version[0] === bound[0] && version[1] < bound[1]);
}

export const version: Check = ({ token, metadata }) => {
  if (errorOf(token)?.code === 'NO_SUCH_ENDPOINT') {
    return fail(
      'GitLab does not know how to describe a token, so it is older than 15.5.',
      'Upgrade GitLab to 16.0 or later.',
    );
  }
  const error = errorOf(metadata);
  if (error) {
    return error.code === 'INSUFFICIENT_SCOPE' ? null : unanswered("GitLab's version", error);
  }
  const found = valueOf(metadata);
  return found && judge(found.version, found.enterprise);
};

function judge(text: string, enterprise: boolean) {
  const parsed = parseVersion(text);
  const name = `GitLab ${text} (${enterprise ? 'Enterprise' : 'Community'} Edition)`;
  if (!parsed) {
    return warn(`${name} has a version that cannot be read.`, 'Check by hand that it is 16.0 or later.');
  }
  if (below(parsed, OLDEST)) {
    return fail(`${name} is too old.`, 'Upgrade GitLab to 16.0 or later.');
  }
  if (below(parsed, FULL_SPEED)) {
    return warn(
      `${name} works, but reading many groups takes more calls.`,
      'Upgrade GitLab to 17.6 or later when you can.',
    );
  }
  return pass(`${name}.`);
}
