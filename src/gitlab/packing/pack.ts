import { print, stripIgnoredCharacters } from 'graphql';
import { Kind } from 'graphql';
import type { DocumentNode } from 'graphql';
import type { Part } from './part.ts';
import { operationOf } from './merge.ts';

/** What one request may hold. `points` is what is left for parts after the spare ones. */
export type PackLimits = { points: number; textLength: number; rows: number; parts: number };

type Size = { own: number; fragments: ReadonlyMap<string, number> };

const sizes = new WeakMap<DocumentNode, Size>();

/** Room that renaming takes: a prefix for each variable where it is defined and used, and an alias for each root field. */
const RENAMING = 8;

/** How long an operation's own text is at most in a packed query, and each fragment it needs. */
function sizeOf(document: DocumentNode): Size {
  const known = sizes.get(document);
  if (known !== undefined) return known;
  const length = (node: Parameters<typeof print>[0]): number => stripIgnoredCharacters(print(node)).length;
  const operation = operationOf(document);
  const names = 2 * (operation.variableDefinitions?.length ?? 0) + 4 * operation.selectionSet.selections.length;
  const fragments = new Map<string, number>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, length(definition));
  }
  const size = { own: length(operation) + names * RENAMING, fragments };
  sizes.set(document, size);
  return size;
}

type Pack = { parts: Part[]; points: number; rows: number; text: number; fragments: Set<string> };

function textAdded(pack: Pack, { own, fragments }: Size): number {
  let added = own;
  for (const [name, length] of fragments) if (!pack.fragments.has(name)) added += length;
  return added;
}

function fits(pack: Pack, part: Part, limits: PackLimits): boolean {
  return (
    pack.parts.length < limits.parts &&
    pack.points + part.points <= limits.points &&
    pack.rows + part.rows <= limits.rows &&
    pack.text + textAdded(pack, sizeOf(part.document)) <= limits.textLength
  );
}

function add(pack: Pack, part: Part): void {
  const size = sizeOf(part.document);
  pack.text += textAdded(pack, size);
  for (const name of size.fragments.keys()) pack.fragments.add(name);
  pack.parts.push(part);
  pack.points += part.points;
  pack.rows += part.rows;
}

/**
 * Spreads parts over as few requests as first-fit finds: each part in exactly one, none over a limit, except that a part
 * which is over a limit by itself gets a request of its own (GitLab then says so).
 */
export function pack(parts: readonly Part[], limits: PackLimits): Part[][] {
  const packs: Pack[] = [];
  for (const part of parts) {
    let target = packs.find((candidate) => fits(candidate, part, limits));
    if (target === undefined) {
      target = { parts: [], points: 0, rows: 0, text: 0, fragments: new Set() };
      packs.push(target);
    }
    add(target, part);
  }
  return packs.map((one) => one.parts);
}
