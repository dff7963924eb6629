import { placesOf, type DeployKey, type DeployKeyLink, type Project } from '../../model/index.ts';
import type { Call } from '../context.ts';
import { isoTime } from '../entities/users.ts';

/** DeployKey: a key without a place. Nobody is named. */
export function keyEntity(key: DeployKey): Record<string, unknown> {
  return {
    id: key.id,
    title: key.title,
    created_at: isoTime(key.createdAt),
    expires_at: isoTime(key.expiresAt),
    last_used_at: null,
    key: key.key,
    usage_type: 'auth_and_signing',
    fingerprint: key.fingerprint,
    fingerprint_sha256: key.fingerprintSha256,
  };
}

/** DeployKeysProject: a key on a project. */
export function linkEntity(link: DeployKeyLink): Record<string, unknown> {
  return { ...keyEntity(link.key), can_push: link.canPush };
}

/** A key with the projects it writes to and reads from: the instance's inventory. */
export function keyWithProjects(call: Call, key: DeployKey): Record<string, unknown> {
  const places = placesOf(call.world, key);
  const projects = (canPush: boolean): unknown[] =>
    places
      .filter((link) => link.canPush === canPush)
      .flatMap((link) => call.world.projects.get(link.projectId) ?? [])
      .map(projectIdentity);
  return {
    ...keyEntity(key),
    projects_with_write_access: projects(true),
    projects_with_readonly_access: projects(false),
  };
}

function projectIdentity(project: Project): Record<string, unknown> {
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    path: project.path,
    path_with_namespace: project.fullPath,
    created_at: isoTime(project.createdAt),
  };
}
