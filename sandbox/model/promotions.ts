import { addMember } from './add.ts';
import { changeMember } from './change.ts';
import { directRow } from './tree.ts';
import type { Member, SourceKind } from './types.ts';
import { takeId, type World } from './world.ts';

/** A role that waits for an administrator's word; nothing of it is in the rows yet. */
export interface Promotion {
  readonly id: number;
  readonly sourceKind: SourceKind;
  readonly sourceId: number;
  readonly userId: number;
  readonly accessLevel: number;
  /** Null also where no date was sent: a row that is changed loses its own then. */
  readonly expiresAt: string | null;
  readonly memberRoleId: number | null;
  readonly requestedById: number | null;
}

/** Queues a promotion; a newer wish for the same user and source takes the older one's place. */
export function queuePromotion(world: World, wish: Omit<Promotion, 'id'>): Promotion {
  for (const other of promotionsOf(world, wish.userId)) {
    if (other.sourceKind === wish.sourceKind && other.sourceId === wish.sourceId) world.promotions.delete(other.id);
  }
  const promotion: Promotion = { ...wish, id: takeId(world, 'promotion') };
  world.promotions.set(promotion.id, promotion);
  return promotion;
}

/** What waits for one user, oldest first. */
export function promotionsOf(world: World, userId: number): Promotion[] {
  return [...world.promotions.values()].filter((item) => item.userId === userId);
}

/** What waits in one group or project, oldest first. */
export function promotionsIn(world: World, sourceKind: SourceKind, sourceId: number): Promotion[] {
  return [...world.promotions.values()].filter((item) => item.sourceKind === sourceKind && item.sourceId === sourceId);
}

/**
 * An administrator decides about a user: all that waits is carried out in that one's name, or dropped (docs/gitlab.md §promotions).
 * Gives the rows it made or changed; what belongs to a source that is gone is dropped in silence.
 */
export function decidePromotions(world: World, userId: number, approve: boolean): Member[] {
  const approver = [...world.users.values()].find((user) => user.admin);
  const rows: Member[] = [];
  for (const promotion of promotionsOf(world, userId)) {
    world.promotions.delete(promotion.id);
    const { sourceKind, sourceId, accessLevel, expiresAt, memberRoleId } = promotion;
    const sources = sourceKind === 'Group' ? world.groups : world.projects;
    if (!approve || !sources.has(sourceId)) continue;
    const known = directRow(world, sourceKind, sourceId, userId);
    if (known) changeMember(world, known, { accessLevel, expiresAt, memberRoleId });
    const place = { sourceKind, sourceId, userId };
    const made = { ...place, accessLevel, expiresAt, memberRoleId, createdById: approver?.id ?? null };
    rows.push(known ?? addMember(world, made));
  }
  return rows;
}
