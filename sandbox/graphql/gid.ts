import { FieldError, InternalError } from './errors.ts';

/** A GitLab global id taken apart: `gid://gitlab/User/7` is User and 7. */
export interface Gid {
  readonly className: string;
  readonly id: string;
}

/** The classes each typed id scalar accepts; the first names the scalar in error texts. */
export const TYPED_ID_CLASSES: Readonly<Record<string, readonly string[]>> = {
  UserID: ['User'],
  GroupID: ['Group'],
  ProjectID: ['Project'],
  MemberRoleID: ['MemberRole'],
};

const KNOWN_CLASSES = new Set([
  'User',
  'Group',
  'Project',
  'GroupMember',
  'ProjectMember',
  'PersonalAccessToken',
  'MemberRole',
  'StandardRole',
  'Email',
  'Issue',
  'MergeRequest',
  'Namespaces::UserNamespace',
  'Organizations::Organization',
]);

const GID = /^gid:\/\/gitlab\/((?:\w+::)*\w+)\/(\w+)$/;

/** Writes a global id (docs/gitlab.md §Global ids). */
export function gidOf(className: string, id: number | string): string {
  return `gid://gitlab/${className}/${String(id)}`;
}

/** Reads a global id; undefined if the text is none. */
export function parseGid(text: string): Gid | undefined {
  const match = GID.exec(text);
  return match?.[1] !== undefined && match[2] !== undefined ? { className: match[1], id: match[2] } : undefined;
}

/** The number in a global id that a typed scalar has already accepted. */
export function numberOf(gid: string): number {
  return Number(parseGid(gid)?.id);
}

/**
 * The numbers of an `[ID!]` argument. A malformed id or one of another class is an error of the field; a class that
 * GitLab does not have is its 500.
 */
export function numbersOf(gids: readonly string[], className: string): Set<number> {
  return new Set(
    gids.map((text) => {
      const gid = parseGid(text);
      if (!gid) throw new FieldError(`${text} is not a valid GitLab ID.`);
      if (!KNOWN_CLASSES.has(gid.className)) throw new InternalError(`uninitialized constant ${gid.className}`);
      if (gid.className !== className) throw new FieldError(`${text} is not a valid ID for ${className}.`);
      return Number(gid.id);
    }),
  );
}
