import type { GitLabError } from '../gitlab/errors.ts';
import type { NewUnknown } from '../store/extraction-steps.ts';
import type { StagedSource } from '../store/extraction-stage.ts';

/** What of a source, or which list, a run could not read. */
export type Part = NewUnknown['what'];

/** A cause for people: what GitLab, or the way to it, made impossible. */
export function causeOf(error: GitLabError | null): string {
  return error === null ? 'GitLab does not show it to this token any more.' : `${error.message} (${error.code})`;
}

/** A source of which a part could not be read. */
export function unreadSource(
  source: { kind: StagedSource['kind']; id: string; fullPath: string | null },
  what: Part,
  error: GitLabError | null,
): NewUnknown {
  const kind = source.kind === 'group' ? 'GROUP' : 'PROJECT';
  return { kind, gitlabId: source.id, fullPath: source.fullPath, what, cause: causeOf(error) };
}

/** A list that was not read to its end, or has rows that GitLab could not show. `of` is the group that it is about. */
export function unreadList(what: Part, cause: string, of: string | null = null): NewUnknown {
  return { kind: 'LIST', gitlabId: of, fullPath: null, what, cause };
}
