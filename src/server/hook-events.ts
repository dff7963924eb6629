import { z } from 'zod';
import type { GitLabChange } from '../gitlab/read-cache.ts';
import type { SourceRef } from '../gitlab/records.ts';
import type { KeyHint } from '../grants/hints.ts';

/** A GitLab number in a body. */
const id = z.int().positive().transform(String);

const groupMembership = z
  .object({
    event_name: z.enum(['user_add_to_group', 'user_update_for_group', 'user_remove_from_group']),
    group_id: id,
    user_id: id,
  })
  .transform((body) => ({ source: { kind: 'group' as const, id: body.group_id }, userId: body.user_id }));

const projectMembership = z
  .object({
    event_name: z.enum(['user_add_to_team', 'user_update_for_team', 'user_remove_from_team']),
    project_id: id,
    user_id: id,
  })
  .transform((body) => ({ source: { kind: 'project' as const, id: body.project_id }, userId: body.user_id }));

const membershipSchema = z.union([groupMembership, projectMembership]);

const person = z
  .object({ event_name: z.literal('user_destroy'), user_id: id })
  .transform(({ user_id: userId }) => ({ userId }));

const group = z
  .object({ event_name: z.enum(['group_destroy', 'group_rename']), group_id: id })
  .transform((body) => ({ source: { kind: 'group' as const, id: body.group_id } }));

const project = z
  .object({ event_name: z.enum(['project_destroy', 'project_rename', 'project_transfer']), project_id: id })
  .transform((body) => ({ source: { kind: 'project' as const, id: body.project_id } }));

const changedSource = z.union([
  z
    .object({ event_name: z.string().regex(/^(user_\w+_group|group_\w+)$/), group_id: id })
    .transform((body) => ({ kind: 'group' as const, id: body.group_id })),
  z
    .object({ event_name: z.string().regex(/^(user_\w+_team|project_\w+)$/), project_id: id })
    .transform((body) => ({ kind: 'project' as const, id: body.project_id })),
]);

/** The group or project whose members or place an event says have changed; null where it is about none (docs/gitlab.md §hooks). */
export function changedSourceOf(body: unknown): SourceRef | null {
  const parsed = changedSource.safeParse(body);
  return parsed.success ? parsed.data : null;
}

const eventSchema = z.union([
  // Rights in a group reach down into every group and project below, so all of the person's keys may be touched.
  groupMembership.transform(({ userId }) => ({ userId })),
  projectMembership,
  person,
  group,
  project,
]);

/**
 * Which keys a system hook or a group's Member Hook may be about; null for events that concern none, and for bodies of another
 * shape (docs/gitlab.md §hooks). Only GitLab's numbers are taken from the body, and only to choose where to look.
 */
export function hintOf(body: unknown): Omit<KeyHint, 'instanceId'> | null {
  const parsed = eventSchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}

/** What an event that names something of ours tells to be another now: a row, or else names, paths and whole trees. */
export function changeOf(body: unknown): GitLabChange {
  const row = membershipSchema.safeParse(body);
  return row.success ? { rows: row.data } : 'anything';
}
