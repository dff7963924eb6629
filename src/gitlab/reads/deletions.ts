import { z } from 'zod';
import type { ByKey } from '../client.ts';
import { GroupDeletionsDocument, ProjectDeletionsDocument } from '../generated/operations.ts';
import { atLeast } from '../graphql/knowledge.ts';
import { nodesOf } from '../parse/answers.ts';
import { gid, gidNumber, isNumericId } from '../parse/gid.ts';
import type { SourceDeletion, SourceKind } from '../records.ts';
import type { Session } from '../session.ts';
import { listParts } from './lookup.ts';
import type { Results } from './lookup.ts';
import { underKeys } from './results.ts';

const LIST_SIZE = 100;

const row = z
  .object({
    id: gidNumber,
    markedForDeletionOn: z.string().nullable(),
    permanentDeletionDate: z.string().nullable(),
  })
  .transform(({ id, markedForDeletionOn: marked, permanentDeletionDate: date }): SourceDeletion => ({
    id,
    // GitLab also gives a date for what is not marked: when it would go, were it marked today.
    deletesOn: marked === null ? null : (/^\d{4}-\d{2}-\d{2}/.exec(date ?? '')?.[0] ?? null),
  }));
const nodes = nodesOf(row);
const groups = z.object({ groups: z.object({ nodes }).nullable() }).transform((answer) => answer.groups?.nodes ?? []);
const projects = z
  .object({ projects: z.object({ nodes }).nullable() })
  .transform((answer) => answer.projects?.nodes ?? []);

/**
 * When GitLab deletes these groups or projects for good, by number; only their own mark counts, not that of a group above. Versions
 * that cannot tell for many at once answer nothing (docs/gitlab.md §deletion).
 */
export async function deletions(
  session: Session,
  kind: SourceKind,
  ids: readonly string[],
): Promise<ByKey<SourceDeletion>> {
  const results: Results<SourceDeletion> = new Map();
  const wanted = [...new Set(ids)].filter(isNumericId);
  if (wanted.length > 0) await session.learn();
  const common = { keyOf: (one: SourceDeletion) => one.id, size: LIST_SIZE };
  const asked = (of: 'Group' | 'Project') => (keys: string[]) => ({
    ids: keys.map((id) => gid(of, id)),
    count: keys.length,
  });
  if (atLeast(session.knowledge, 17, 6)) {
    await session.run(
      kind === 'group'
        ? listParts(
            { ...common, document: GroupDeletionsDocument, variables: asked('Group'), schema: groups },
            wanted,
            results,
          )
        : listParts(
            { ...common, document: ProjectDeletionsDocument, variables: asked('Project'), schema: projects },
            wanted,
            results,
          ),
    );
  }
  return underKeys(ids, results, (id) => id);
}
