import { z } from 'zod';
import type { GroupRecord, ProjectRecord, SourceRef, Visibility } from '../records.ts';
import { gidNumber } from './gid.ts';
import { numericId } from './rest.ts';

const VISIBILITIES: Record<string, Visibility> = { private: 'PRIVATE', internal: 'INTERNAL', public: 'PUBLIC' };

export function visibilityOf(value: string | null | undefined): Visibility | null {
  return VISIBILITIES[value ?? ''] ?? null;
}

const parent = z.object({ id: gidNumber }).nullable();

export const graphqlGroup = z
  .object({
    id: gidNumber,
    fullPath: z.string(),
    name: z.string(),
    visibility: z.string().nullable(),
    webUrl: z.string(),
    parent,
  })
  .transform(({ parent: above, ...group }): GroupRecord => ({
    kind: 'group',
    ...group,
    visibility: visibilityOf(group.visibility),
    parentId: above?.id ?? null,
  }));

export const graphqlProject = z
  .object({
    id: gidNumber,
    fullPath: z.string(),
    name: z.string(),
    visibility: z.string().nullable(),
    webUrl: z.string().nullable(),
    archived: z.boolean().nullable(),
    group: parent,
  })
  .transform(({ group, ...project }): ProjectRecord => ({
    kind: 'project',
    ...project,
    webUrl: project.webUrl ?? '',
    visibility: visibilityOf(project.visibility),
    groupId: group?.id ?? null,
  }));

const links = z.array(z.unknown()).optional();

/** A group object of REST, with the signs of an identity provider that governs it (docs/gitlab.md §synced groups). */
export const restGroup = z
  .object({
    id: numericId,
    full_path: z.string(),
    name: z.string(),
    visibility: z.string(),
    web_url: z.string(),
    parent_id: numericId.nullable(),
    ldap_cn: z.string().nullish(),
    ldap_group_links: links,
    saml_group_links: links,
  })
  .transform((group): { record: GroupRecord; ldapLinked: boolean; samlLinked: boolean } => ({
    record: {
      kind: 'group',
      id: group.id,
      fullPath: group.full_path,
      name: group.name,
      visibility: visibilityOf(group.visibility),
      webUrl: group.web_url,
      parentId: group.parent_id,
    },
    ldapLinked: (group.ldap_cn ?? '') !== '' || (group.ldap_group_links ?? []).length > 0,
    samlLinked: (group.saml_group_links ?? []).length > 0,
  }));

/** A project of a REST list by its number alone. */
export const restProjectRef = z.object({ id: numericId }).transform(({ id }): SourceRef => ({ kind: 'project', id }));
