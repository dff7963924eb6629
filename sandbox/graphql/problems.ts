import { Kind } from 'graphql';
import type { ASTNode, GraphQLError, SourceLocation } from 'graphql';

/** A GraphQL error as GitLab writes it. */
export interface Problem {
  readonly message: string;
  readonly locations?: readonly SourceLocation[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Where a node stands in its document, from the document down to the node itself. */
export type Trail = readonly ASTNode[];

/** The place of a node in the text of the query as GitLab names it: `["query", "group", "fullPath"]`. */
export function queryPath(trail: Trail): string[] {
  return trail.flatMap((node) => pathStep(node) ?? []);
}

/** The error of a graphql-js run in the shape of GitLab's: no empty `extensions`. */
export function problemOf(error: GraphQLError): Problem {
  return {
    message: error.message,
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
  };
}

function pathStep(node: ASTNode): string | undefined {
  switch (node.kind) {
    case Kind.OPERATION_DEFINITION:
      return node.name ? `${node.operation} ${node.name.value}` : node.operation;
    case Kind.FRAGMENT_DEFINITION:
      return `fragment ${node.name.value}`;
    case Kind.INLINE_FRAGMENT:
      return node.typeCondition ? `... on ${node.typeCondition.name.value}` : '...';
    case Kind.FRAGMENT_SPREAD:
      return `... ${node.name.value}`;
    case Kind.FIELD:
      return (node.alias ?? node.name).value;
    case Kind.ARGUMENT:
    case Kind.OBJECT_FIELD:
      return node.name.value;
    default:
      return undefined;
  }
}
