import type { Group, Member, Project, User } from './types.ts';
import type { World } from './world.ts';

/** An address that is told what happens: of the instance, or of a group and all below it. */
export interface Hook {
  readonly id: number;
  /** Null for a system hook. */
  readonly groupId: number | null;
  readonly uuid: string;
  readonly createdAt: number;
  url: string;
  /** Sent in clear with every delivery; never shown. */
  token: string | null;
  name: string | null;
  description: string | null;
  sslVerification: boolean;
  /** Which kinds of events it wants, by GitLab's names: `member_events` and others. */
  wants: Record<string, boolean>;
}

/** Something that hooks may tell. Records are as they are at that moment. */
export type WorldEvent =
  | { readonly kind: 'member'; readonly action: MemberAction; readonly row: Member }
  | {
      readonly kind: 'group';
      readonly action: 'create' | 'destroy' | 'rename';
      readonly group: Group;
      readonly old: Old;
    }
  | {
      readonly kind: 'project';
      readonly action: 'create' | 'destroy' | 'rename' | 'transfer';
      readonly project: Project;
      readonly old: Old;
    }
  | {
      readonly kind: 'user';
      readonly action: 'create' | 'destroy' | 'rename';
      readonly user: User;
      readonly oldUsername: string;
    };
export type MemberAction = 'add' | 'update' | 'remove' | 'request' | 'withdraw';
/** Where a group or project was before. */
export type Old = Pick<Group, 'path' | 'fullPath'>;

export type WorldListener = (event: WorldEvent) => void;

/** Tells an event to who listens; nobody is bothered while there is no hook. */
export function tell(world: World, event: WorldEvent): void {
  if (world.hooks.size === 0) return;
  for (const listener of world.listeners) listener(event);
}
