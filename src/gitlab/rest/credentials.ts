import { z } from 'zod';
import { numericId } from '../parse/rest.ts';
import type { DeployKeyRecord, DeployTokenRecord, SourceRef } from '../records.ts';
import { sourcePath } from '../session.ts';
import type { Session } from '../session.ts';
import { allRows } from './paging.ts';

const MAX_PAGES = 20;

const deployToken = z
  .object({ id: numericId, name: z.string(), revoked: z.boolean() })
  .transform((token): DeployTokenRecord => token);

/** Deploy tokens of this very group or project; GitLab tells neither maker nor time (docs/gitlab.md §deploy tokens). */
export async function deployTokens(session: Session, source: SourceRef): Promise<DeployTokenRecord[]> {
  const call = { path: `${sourcePath(source)}/deploy_tokens`, subject: 'source' as const };
  return allRows(session, call, deployToken, MAX_PAGES);
}

const deployKey = z
  .object({ id: numericId, title: z.string(), created_at: z.string(), can_push: z.boolean() })
  .transform((key): DeployKeyRecord => ({
    id: key.id,
    title: key.title,
    createdAt: key.created_at,
    canPush: key.can_push,
  }));

/** Deploy keys of a project; the time is the key's, not that of its coming to this project (docs/gitlab.md §deploy keys). */
export async function deployKeys(session: Session, projectId: string): Promise<DeployKeyRecord[]> {
  const path = `${sourcePath({ kind: 'project', id: projectId })}/deploy_keys`;
  return allRows(session, { path, subject: 'source' }, deployKey, MAX_PAGES);
}
