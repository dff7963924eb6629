import { Kind } from 'graphql';
import type { FieldNode, SelectionSetNode } from 'graphql';
import { isLeftOut } from './selections.ts';
import type { Operation } from './selections.ts';

const EXEMPT_FROM_RECURSION = new Set(['nodes', 'edges', 'node']);
const MAX_SAME_FIELD_IN_BRANCH = 2;

/** What the two shape analysers found in one operation. */
export interface Shape {
  readonly depth: number;
  /** Fields that appear more often in one branch than GitLab allows, with how often. */
  readonly recurring: ReadonlyMap<string, number>;
}

/** Depth (leaves count) and repeated fields of an operation (docs/gitlab.md §GraphQL transport: depth, recursion). */
export function shapeOf(operation: Operation): Shape {
  const recurring = new Map<string, number>();
  const timesInBranch = new Map<string, number>();
  let deepest = 0;

  const enterField = (field: FieldNode, depth: number): void => {
    deepest = Math.max(deepest, depth);
    if (!field.selectionSet) return;
    const name = field.name.value;
    const times = (timesInBranch.get(name) ?? 0) + 1;
    if (!EXEMPT_FROM_RECURSION.has(name) && times > MAX_SAME_FIELD_IN_BRANCH) recurring.set(name, times);
    timesInBranch.set(name, times);
    enterSet(field.selectionSet, depth);
    timesInBranch.set(name, times - 1);
  };
  const enterSet = (set: SelectionSetNode, depth: number): void => {
    for (const selection of set.selections) {
      if (isLeftOut(operation, selection)) continue;
      if (selection.kind === Kind.FIELD) {
        enterField(selection, depth + 1);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? operation.fragments.get(selection.name.value) : selection;
      if (fragment) enterSet(fragment.selectionSet, depth);
    }
  };
  enterSet(operation.definition.selectionSet, 0);
  return { depth: deepest, recurring };
}
