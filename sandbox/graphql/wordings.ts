import { Kind, print } from 'graphql';
import type { ASTNode, DirectiveNode, FieldNode, GraphQLError } from 'graphql';
import type { Trail } from './problems.ts';

/** How one rule's failures are worded by GitLab; matching is by `code`, the texts follow graphql-ruby. */
export interface Words {
  readonly code: string;
  readonly message?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Words a failure, given where its node stands. */
export type Wording = (error: GraphQLError, trail: Trail) => Words;

/** The quoted names in a graphql-js message, in order. */
function quoted(error: GraphQLError): string[] {
  return [...error.message.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
}

/** Keeps graphql-js's text and gives the code. */
export function just(code: string): Wording {
  return () => ({ code });
}

function ownerOf(trail: Trail): FieldNode | DirectiveNode | undefined {
  const isOwner = (node: ASTNode): node is FieldNode | DirectiveNode =>
    node.kind === Kind.FIELD || node.kind === Kind.DIRECTIVE;
  return [...trail].reverse().find(isOwner);
}

function operationWords(trail: Trail): string {
  const operation = trail.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  return operation?.name ? operation.name.value : `anonymous ${operation?.operation ?? 'query'}`;
}

/** A field the type does not have. */
export function wordUndefinedField(error: GraphQLError): Words {
  const [fieldName = '', typeName = ''] = quoted(error);
  return {
    code: 'undefinedField',
    message: `Field '${fieldName}' doesn't exist on type '${typeName}'${hint(error)}`,
    extensions: { typeName, fieldName },
  };
}

function hint(error: GraphQLError): string {
  const found = /Did you mean (?:to use an inline fragment on )?(.+)\?$/.exec(error.message)?.[1];
  return found === undefined ? '' : ` (Did you mean ${found.replaceAll('"', '`')}?)`;
}

/** An argument the field or directive does not have. */
export function wordUnknownArgument(error: GraphQLError, trail: Trail): Words {
  const owner = ownerOf(trail);
  const argumentName = quoted(error)[0] ?? '';
  const kind = owner?.kind === Kind.DIRECTIVE ? 'Directive' : 'Field';
  const name = owner?.name.value ?? '';
  return {
    code: 'argumentNotAccepted',
    message: `${kind} '${name}' doesn't accept argument '${argumentName}'${hint(error)}`,
    extensions: { name, typeName: kind, argumentName },
  };
}

/** A required argument left out. */
export function wordMissingArgument(error: GraphQLError, trail: Trail): Words {
  const owner = ownerOf(trail);
  const className = owner?.kind === Kind.DIRECTIVE ? 'Directive' : 'Field';
  const name = owner?.name.value ?? '';
  const missing = /argument "(\w+)"/.exec(error.message)?.[1] ?? '';
  return {
    code: 'missingRequiredArguments',
    message: `${className} '${name}' is missing required arguments: ${missing}`,
    extensions: { className, name, arguments: missing },
  };
}

/** A literal of the wrong type, or an input object with fields too many or too few. */
export function wordBadLiteral(error: GraphQLError, trail: Trail): Words {
  const owner = ownerOf(trail);
  const argument = trail.findLast((node) => node.kind === Kind.ARGUMENT);
  const argumentName = argument?.name.value ?? '';
  if (error.originalError) {
    return {
      code: 'argumentLiteralsIncompatible',
      message: error.originalError.message,
      extensions: { typeName: 'CoercionError' },
    };
  }
  const unknown = /^Field "(\w+)" is not defined by type "(\w+)"/.exec(error.message);
  if (unknown) {
    const [, field = '', type = ''] = unknown;
    const message = `InputObject '${type}' doesn't accept argument '${field}'`;
    return {
      code: 'argumentNotAccepted',
      message,
      extensions: { name: type, typeName: 'InputObject', argumentName: field },
    };
  }
  const absent = /^Field "(\w+)\.(\w+)" of required type "([^"]+)"/.exec(error.message);
  if (absent) {
    const [, objectType = '', name = '', type = ''] = absent;
    const message = `Argument '${name}' on InputObject '${objectType}' is required. Expected type ${type}`;
    const extensions = { argumentName: name, argumentType: type, inputObjectType: objectType };
    return { code: 'missingRequiredInputObjectAttribute', message, extensions };
  }
  const expected = /type "([^"]+)"/.exec(error.message)?.[1] ?? expectedOf(error);
  const value = argument?.kind === Kind.ARGUMENT ? print(argument.value) : '';
  return {
    code: 'argumentLiteralsIncompatible',
    message: `Argument '${argumentName}' on Field '${owner?.name.value ?? ''}' has an invalid value (${value}). Expected type '${expected}'.`,
    extensions: { typeName: 'Field', argumentName },
  };
}

function expectedOf(error: GraphQLError): string {
  return /"(\w+)" enum/.exec(error.message)?.[1] ?? /^(\w+) cannot represent/.exec(error.message)?.[1] ?? '';
}

/** An object without selections, or a scalar with them. */
export function wordSelections(error: GraphQLError, trail: Trail): Words {
  const field = trail.findLast((node) => node.kind === Kind.FIELD);
  const name = field?.name.value ?? '';
  const typeName = quoted(error)[1] ?? '';
  const named = typeName.replaceAll(/[[\]!]/g, '');
  const chosen = field?.kind === Kind.FIELD && field.selectionSet ? field.selectionSet.selections.map(print) : [];
  const message =
    chosen.length > 0
      ? `Selections can't be made on scalars (field '${name}' returns ${named} but has selections ${JSON.stringify(chosen)})`
      : `Field must have selections (field '${name}' returns ${named} but has no selections. Did you mean '${name} { ... }'?)`;
  return { code: 'selectionMismatch', message, extensions: { nodeName: `field '${name}'`, typeName: named } };
}

/** A variable where its type does not fit. */
export function wordVariableMismatch(error: GraphQLError, trail: Trail): Words {
  const [variableName = '', given = '', expected = ''] = quoted(error).map((name) => name.replace(/^\$/, ''));
  const argumentName = trail.findLast((node) => node.kind === Kind.ARGUMENT)?.name.value ?? '';
  return {
    code: 'variableMismatch',
    message: `Type mismatch on variable $${variableName} and argument ${argumentName} (${given} / ${expected})`,
    extensions: { variableName, typeName: given, argumentName, errorMessage: 'Type mismatch' },
  };
}

/** A variable used but not declared, or declared but not used. */
export function wordVariable(code: string, rest: string): Wording {
  return (error, trail) => {
    const variableName = (quoted(error)[0] ?? '').replace(/^\$/, '');
    const words = operationWords(trail);
    return { code, message: `Variable $${variableName} is ${rest.replace('%', words)}`, extensions: { variableName } };
  };
}

/** A type that is not there. */
export function wordType(error: GraphQLError, trail: Trail): Words {
  const typeName = quoted(error)[0] ?? '';
  const variable = trail.find((node) => node.kind === Kind.VARIABLE_DEFINITION);
  const message = variable
    ? `${typeName} isn't a defined input type (on $${variable.variable.name.value})`
    : `No such type ${typeName}, so it can't be a fragment condition`;
  return { code: 'undefinedType', message, extensions: { typeName } };
}

/** Anything told by one name. */
export function wordNamed(code: string, text: (name: string) => string, key: string): Wording {
  return (error) => {
    const name = (quoted(error)[0] ?? '').replace(/^@/, '');
    return { code, message: text(name), extensions: { [key]: name } };
  };
}
