import { BREAK, Kind, validate as runRules, visit } from 'graphql';
import type { ASTNode, DocumentNode, FieldNode, GraphQLError, GraphQLSchema } from 'graphql';
import { queryPath } from './problems.ts';
import type { Problem, Trail } from './problems.ts';
import { TRANSLATED_RULES } from './validationRules.ts';

const MAX_ERRORS = 5;
const ALL_RULES = TRANSLATED_RULES.map(({ rule }) => rule);
const INTROSPECTION_FIELDS = new Set(['__schema', '__type']);

/**
 * Static validation with GitLab's codes, texts and paths of the query text, in order of place, at most five
 * (docs/gitlab.md §GraphQL errors). Introspection fields are disabled, as in production.
 */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): Problem[] {
  // One walk with all rules is the usual case; only a faulty document is walked again rule by rule, for the words.
  const isFaulty = runRules(schema, document, ALL_RULES).length > 0;
  const found = (isFaulty ? TRANSLATED_RULES : []).flatMap(({ rule, word }) =>
    runRules(schema, document, [rule]).map((error) => {
      const trail = trailOf(document, error);
      const { code, message, extensions } = word(error, trail);
      return problem(error, trail, { message: message ?? error.message, extensions: { code, ...extensions } });
    }),
  );
  return [...found, ...introspectionProblems(document)].sort((a, b) => placeOf(a) - placeOf(b)).slice(0, MAX_ERRORS);
}

function problem(error: GraphQLError, trail: Trail, words: Pick<Problem, 'message' | 'extensions'>): Problem {
  return {
    message: words.message,
    locations: (error.locations ?? []).slice(0, 1),
    path: queryPath(trail),
    ...(words.extensions ? { extensions: words.extensions } : {}),
  };
}

function placeOf(one: Problem): number {
  const location = one.locations?.[0];
  return location ? location.line * 100_000 + location.column : 0;
}

/** The nodes from the document down to the one the error is about (a variable's second node is its use). */
function trailOf(document: DocumentNode, error: GraphQLError): Trail {
  const wanted = error.nodes?.at(-1);
  let trail: Trail = [];
  visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      if (node !== wanted) return undefined;
      const isNode = (ancestor: ASTNode | readonly ASTNode[]): ancestor is ASTNode => 'kind' in ancestor;
      trail = [...[...ancestors, parent ?? []].filter(isNode), node];
      return BREAK;
    },
  });
  return trail;
}

function introspectionProblems(document: DocumentNode): Problem[] {
  const problems: Problem[] = [];
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const isIntrospection = (node: ASTNode): node is FieldNode =>
      node.kind === Kind.FIELD && INTROSPECTION_FIELDS.has(node.name.value);
    for (const field of definition.selectionSet.selections.filter(isIntrospection)) {
      const fieldName = field.name.value;
      const token = field.loc?.startToken;
      problems.push({
        message: `Field '${fieldName}' doesn't exist on type 'Query'`,
        locations: token ? [{ line: token.line, column: token.column }] : [],
        path: queryPath([definition, field]),
        extensions: { code: 'undefinedField', typeName: 'Query', fieldName },
      });
    }
  }
  return problems;
}
