import { z } from 'zod';

const GID = /^gid:\/\/gitlab\/(?:\w+::)*\w+\/(\d+)$/;

/** The number in one of GitLab's global ids, as the decimal string that REST uses (docs/gitlab.md §global ids). */
export const gidNumber = z
  .string()
  .regex(GID)
  .transform((gid) => GID.exec(gid)?.[1] ?? '');

export type GidClass = 'Group' | 'Project' | 'User';

/** `gid://gitlab/User/7`. Only a decimal number is taken: an id of an unknown form would be an error 500 there. */
export function gid(kind: GidClass, id: string): string {
  return `gid://gitlab/${kind}/${id}`;
}

/** Whether this is a number that GitLab may have given out. */
export function isNumericId(id: string): boolean {
  return /^\d{1,19}$/.test(id);
}
