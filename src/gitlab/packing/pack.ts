import type { DocumentNode } from 'graphql';
import type { Part } from './part.ts';
import { FRAME_LENGTH, documentName, sizeOf } from './merge.ts';
import type { DocumentSize } from './merge.ts';

/** What one request may hold. `points` is what is left for parts after the spare ones. */
export type PackLimits = { points: number; textLength: number; rows: number; parts: number };

type Pack = { parts: Part[]; points: number; rows: number; text: number; fragments: Set<string> };

/** A part with its document as it is sent, which may be another than the part's own on an older GitLab. */
type Item = { part: Part; size: DocumentSize };

function textAdded(pack: Pack, { own, fragments }: DocumentSize): number {
  let added = own;
  for (const [name, length] of fragments) if (!pack.fragments.has(name)) added += length;
  return added;
}

function fits(pack: Pack, { part, size }: Item, limits: PackLimits): boolean {
  return (
    pack.parts.length < limits.parts &&
    pack.points + part.points <= limits.points &&
    pack.rows + part.rows <= limits.rows &&
    pack.text + textAdded(pack, size) <= limits.textLength
  );
}

function add(pack: Pack, { part, size }: Item): void {
  pack.text += textAdded(pack, size);
  for (const name of size.fragments.keys()) pack.fragments.add(name);
  pack.parts.push(part);
  pack.points += part.points;
  pack.rows += part.rows;
}

function firstFit(items: readonly Item[], limits: PackLimits): Part[][] {
  const packs: Pack[] = [];
  for (const item of items) {
    let target = packs.find((candidate) => fits(candidate, item, limits));
    if (target === undefined) {
      target = { parts: [], points: 0, rows: 0, text: FRAME_LENGTH, fragments: new Set() };
      packs.push(target);
    }
    add(target, item);
  }
  return packs.map((one) => one.parts);
}

/** How much of each limit an item takes, as shares. */
function shares({ part, size }: Item, limits: PackLimits): [points: number, rows: number, text: number] {
  return [part.points / limits.points, part.rows / limits.rows, size.own / limits.textLength];
}

/** Fewer requests cannot hold these: no limit allows it. */
export function fewestPacks(parts: readonly Part[], limits: PackLimits): number {
  const total = (of: (part: Part) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  return Math.max(
    Math.ceil(total((part) => part.points) / limits.points),
    Math.ceil(total((part) => part.rows) / limits.rows),
    Math.ceil(parts.length / limits.parts),
  );
}

const WEIGHTS: readonly ((shares: readonly number[]) => number)[] = [
  (each) => Math.max(...each),
  (each) => each.reduce((sum, share) => sum + share, 0),
  ([points = 0]) => points,
  ([, rows = 0]) => rows,
  ([, , text = 0]) => text,
];

/**
 * Spreads parts over few requests: each part in exactly one, none over a limit, except that a part which is over a limit by
 * itself gets a request of its own (GitLab then says so). Several orders are tried, the largest first by one measure or another,
 * and the best is kept, so that there are at most one more than need be. Parts of one kind stand together in a request, which
 * keeps the texts few. `documentOf` tells what is sent for a part.
 */
export function pack(
  parts: readonly Part[],
  limits: PackLimits,
  documentOf: (part: Part) => DocumentNode = (part) => part.document,
): Part[][] {
  const items = parts.map((part): Item => ({ part, size: sizeOf(documentOf(part)) }));
  const fewest = fewestPacks(parts, limits);
  let best = firstFit(items, limits);
  for (const weigh of WEIGHTS) {
    if (best.length <= fewest) break;
    const weighed = items.map((item) => ({ item, weight: weigh(shares(item, limits)) }));
    const ordered = weighed.sort((a, b) => b.weight - a.weight).map(({ item }) => item);
    const packs = firstFit(ordered, limits);
    if (packs.length < best.length) best = packs;
  }
  return best.map((together) => inKinds(together, documentOf));
}

function inKinds(parts: readonly Part[], documentOf: (part: Part) => DocumentNode): Part[] {
  const byKind = Map.groupBy(parts, (part) => documentName(documentOf(part)));
  return [...byKind.keys()].sort().flatMap((kind) => byKind.get(kind) ?? []);
}
