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

/**
 * An administrator decides about a user: all that waits is carried out, or dropped. Gives the rows it made or changed;
 * what belongs to a source that is gone is dropped in silence.
 */
export function decidePromotions(world: World, userId: number, approve: boolean): Member[] {
  const rows: Member[] = [];
  for (const promotion of promotionsOf(world, userId)) {
    world.promotions.delete(promotion.id);
    const { sourceKind, sourceId, accessLevel, expiresAt, memberRoleId, requestedById } = promotion;
    const sources = sourceKind === 'Group' ? world.groups : world.projects;
    if (!approve || !sources.has(sourceId)) continue;
    const known = directRow(world, sourceKind, sourceId, userId);
    if (known) changeMember(world, known, { accessLevel, expiresAt, memberRoleId });
    const place = { sourceKind, sourceId, userId };
    rows.push(
      known ?? addMember(world, { ...place, accessLevel, expiresAt, memberRoleId, createdById: requestedById }),
    );
  }
  return rows;
}
