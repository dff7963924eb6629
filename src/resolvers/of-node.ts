/** A resolver as the schema takes it, with its mark. */
type Marked<N, A> = { resolve: (node: N) => A; extensions: { isOfNode: true } };

/**
 * Marks a resolver that answers from its node alone: at once, without arguments or context, and always the same for the same node.
 * Rows made of such answers, and of plain properties, are written once for as long as their node lives.
 */
export function ofNode<N, A>(resolve: (node: N) => A): Marked<N, A> {
  return { resolve, extensions: { isOfNode: true } };
}

/** Whether a field of the schema is answered by a resolver that `ofNode` marked. */
export function isOfNode({ extensions }: { extensions: Readonly<Record<string, unknown>> }): boolean {
  return extensions['isOfNode'] === true;
}

/**
 * The types whose nodes never change once they are made of a record of GitLab's (see `to-node.ts`). Which type a source is of, its
 * node tells at once.
 */
export const NODES_OF_RECORDS: ReadonlySet<string> = new Set([
  'Member',
  'Group',
  'Project',
  'User',
  'MembershipSource',
]);
