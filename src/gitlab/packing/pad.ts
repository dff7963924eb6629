import type { DocumentNode } from 'graphql';
import { FRAME_LENGTH, documentName, sizeOf } from './merge.ts';
import type { PackLimits } from './pack.ts';
import type { Part } from './part.ts';

/** How many questions of one kind a request holds, so that its text is one of a few. */
const COUNTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96];

/** Dearer questions are few in a request anyway, and would be work for nothing. */
const CHEAP_POINTS = 10;

/** The same question again, whose answer nobody waits for. */
function filler(part: Part): Part {
  return { ...part, isFiller: true, settle: () => null, fail: () => undefined, split: () => [] };
}

/**
 * Asks the last of each kind of cheap question again until there are a usual number of them, as far as the request has room:
 * the number of different texts stays small, so that what is made or kept for a text serves often. GitLab reads equal
 * questions of one request once. Parts of one kind must stand together.
 */
export function pad(
  parts: readonly Part[],
  limits: PackLimits,
  documentOf: (part: Part) => DocumentNode = (part) => part.document,
): Part[] {
  const kinds = [...Map.groupBy(parts, (part) => documentName(documentOf(part))).values()];
  const fragments = new Map(parts.flatMap((part) => [...sizeOf(documentOf(part)).fragments]));
  const total = (of: (part: Part) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  const room = {
    points: limits.points - total((part) => part.points),
    parts: limits.parts - parts.length,
    text:
      limits.textLength -
      FRAME_LENGTH -
      total((part) => sizeOf(documentOf(part)).own) -
      [...fragments.values()].reduce((sum, length) => sum + length, 0),
  };
  return kinds.flatMap((kind) => {
    const last = kind.at(-1);
    if (last === undefined || last.rows > 0 || last.points > CHEAP_POINTS) return kind;
    const { own } = sizeOf(documentOf(last));
    const wanted = (COUNTS.find((count) => count >= kind.length) ?? Infinity) - kind.length;
    const added = Math.max(
      0,
      Math.min(wanted, room.parts, Math.floor(room.points / last.points), Math.floor(room.text / own)),
    );
    room.points -= added * last.points;
    room.parts -= added;
    room.text -= added * own;
    return [...kind, ...Array.from({ length: added }, () => filler(last))];
  });
}
