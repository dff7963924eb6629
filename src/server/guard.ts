import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import type { ErrorCode } from '../errors.ts';
import { hasRole, roleOf } from '../resolvers/roles.ts';
import type { Caller, Context } from '../resolvers/services.ts';

/** Holds every root field of an operation against the role it needs, before anything is executed. */
export const roleGuard: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, operation, contextValue }) {
        if (operation !== undefined) guard(document, operation, contextValue.caller);
      },
    };
  },
};

function guard(document: DocumentNode, operation: OperationDefinitionNode, caller: Caller): void {
  const typeName = operation.operation === OperationTypeNode.QUERY ? 'Query' : 'Mutation';
  for (const field of rootFields(operation.selectionSet, fragmentsOf(document))) {
    if (field.name.value.startsWith('__')) continue;
    const role = roleOf(typeName, field.name.value);
    if (role !== null && hasRole(caller, role)) continue;
    throw new GraphQLError(`${field.name.value} needs the role ${role ?? 'that nobody has'}. Use a key that has it.`, {
      nodes: field,
      extensions: { code: 'FORBIDDEN' satisfies ErrorCode, http: { status: 403 } },
    });
  }
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** The fields at the root, those in fragments included, whether or not a directive leaves them out. Validation ruled out cycles. */
function rootFields(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.get(selection.name.value)?.selectionSet;
    return inner === undefined ? [] : rootFields(inner, fragments);
  });
}
