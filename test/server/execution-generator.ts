import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { GraphQLArgument, GraphQLCompositeType, GraphQLInputType, GraphQLSchema } from 'graphql';
import type { Question } from './execution-sides.ts';

/** Choices by whoever shrinks them: 0, the smallest, when they have run out. */
export type Tape = { next(below: number): number };

export function tapeOf(choices: readonly number[]): Tape {
  let at = 0;
  return {
    next(below) {
      const choice = choices[at] ?? 0;
      at += 1;
      return choice % below;
    },
  };
}

type Value = { literal: string; json: unknown };
type Writing = {
  schema: GraphQLSchema;
  tape: Tape;
  names: number;
  definitions: string[];
  variables: Record<string, unknown>;
  fragments: string[];
};

const DEEPEST = 5;

/** A query of the schema that is mostly valid: aliases, fragments, directives, and variables given, absent, null or wrong. */
export function anyQuestion(schema: GraphQLSchema, tape: Tape): Question {
  const writing: Writing = { schema, tape, names: 0, definitions: [], variables: {}, fragments: [] };
  const root = schema.getQueryType();
  if (root == null) throw new Error('The schema has no queries.');
  const selection = selectionOf(writing, root, 0);
  const { definitions, fragments, variables } = writing;
  const head = definitions.length === 0 ? '' : `query Asked(${definitions.join(', ')}) `;
  return { query: [`${head}${selection}`, ...fragments].join('\n'), variables };
}

function selectionOf(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const count = 1 + writing.tape.next(4);
  const parts = Array.from({ length: count }, () => `${partOf(writing, type, depth)}\n`);
  return `{ ${parts.join('  ')} }`;
}

function partOf(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { tape, schema } = writing;
  const kind = depth < DEEPEST ? tape.next(12) : 0;
  if (kind === 9) return `__typename${directive(writing)}`;
  if (kind === 10 || kind === 11) {
    const possible = isObjectType(type) ? [type, ...type.getInterfaces()] : [type, ...schema.getPossibleTypes(type)];
    const on = possible[tape.next(possible.length)] ?? type;
    if (kind === 10) return `... on ${on.name}${directive(writing)} ${selectionOf(writing, on, depth + 1)}`;
    const name = `F${String(nextName(writing))}`;
    writing.fragments.push(`fragment ${name} on ${on.name} ${selectionOf(writing, on, depth + 1)}`);
    const again = tape.next(4) === 0 ? ` ...${name}${directive(writing)}` : '';
    return `...${name}${directive(writing)}${again}`;
  }
  return fieldOf(writing, type, depth);
}

function fieldOf(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { tape } = writing;
  const all = 'getFields' in type ? Object.values(type.getFields()) : [];
  const leaves = all.filter((field) => !isCompositeType(getNamedType(field.type)));
  const choice = depth >= DEEPEST && leaves.length > 0 ? leaves : all;
  const field = choice[tape.next(choice.length)];
  if (field === undefined || depth > DEEPEST + 3) return '__typename';
  const given = field.args.flatMap((argument) => argumentOf(writing, argument));
  const alias = given.length > 0 || tape.next(4) === 0 ? `a${String(nextName(writing))}: ` : '';
  const named = getNamedType(field.type);
  const below = isCompositeType(named) ? ` ${selectionOf(writing, named, depth + 1)}` : '';
  const args = given.length === 0 ? '' : `(${given.join(', ')})`;
  return `${alias}${field.name}${args}${directive(writing)}${below}`;
}

function directive(writing: Writing): string {
  const { tape } = writing;
  if (tape.next(6) !== 1) return '';
  const name = tape.next(2) === 0 ? 'include' : 'skip';
  const value = tape.next(2) === 0;
  if (tape.next(2) === 0) return ` @${name}(if: ${String(value)})`;
  const variable = `b${String(nextName(writing))}`;
  const how = tape.next(20);
  writing.definitions.push(how === 0 ? `$${variable}: Boolean = ${String(value)}` : `$${variable}: Boolean!`);
  if (how === 1) writing.variables[variable] = null;
  else if (how > 1) writing.variables[variable] = how === 2 ? 'yes' : value;
  return ` @${name}(if: $${variable})`;
}

function argumentOf(writing: Writing, argument: GraphQLArgument): string[] {
  const { tape } = writing;
  const required = isNonNullType(argument.type) && argument.defaultValue === undefined;
  if (!required && tape.next(3) === 0) return [];
  const value = valueOf(tape, argument.type);
  if (tape.next(3) === 0) return [`${argument.name}: ${value.literal}`];
  return [`${argument.name}: ${variableOf(writing, argument, value)}`];
}

/** A variable for the argument: given, given wrongly, null, absent, absent with a default. */
function variableOf(writing: Writing, argument: GraphQLArgument, value: Value): string {
  const { tape } = writing;
  const name = `v${String(nextName(writing))}`;
  const type = String(argument.type);
  const nullable = type.replace(/!$/, '');
  const loose = argument.defaultValue !== undefined && tape.next(2) === 0;
  const how = tape.next(30);
  const written = how === 1 ? `${nullable} = ${value.literal}` : loose ? nullable : type;
  writing.definitions.push(`$${name}: ${written}`);
  if (how === 2) writing.variables[name] = null;
  else if (how === 3) writing.variables[name] = [{ wrong: 1 }, 'wrong', 1.5, true, ['x']][tape.next(5)];
  else if (how === 4 && isInputObjectType(getNamedType(argument.type))) writing.variables[name] = {};
  else if (how !== 0 && how !== 1) writing.variables[name] = value.json;
  return `$${name}`;
}

const TEXTS = ['', 'acme', 'a"b\\c', '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d0', '${x}`', '\u2028é'];
const SCALARS: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, 7, 2_147_483_647, -3],
  Float: [0, 1.5],
  Boolean: [true, false],
  String: TEXTS,
  ID: TEXTS,
  DateTime: ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05+02:00'],
  Date: ['2026-01-02'],
  Duration: ['PT2H', 'P1D'],
  URL: ['https://gitlab.example.com/a'],
};

function valueOf(tape: Tape, type: GraphQLInputType): Value {
  if (isNonNullType(type)) return presentOf(tape, type.ofType);
  return tape.next(6) === 1 ? { literal: 'null', json: null } : presentOf(tape, type);
}

function presentOf(tape: Tape, type: GraphQLInputType): Value {
  if (isNonNullType(type)) return presentOf(tape, type.ofType);
  if (isListType(type)) {
    const items = Array.from({ length: tape.next(3) }, () => valueOf(tape, type.ofType));
    return { literal: `[${items.map(({ literal }) => literal).join(', ')}]`, json: items.map(({ json }) => json) };
  }
  if (isEnumType(type)) {
    const values = type.getValues();
    const name = values[tape.next(values.length)]?.name ?? '';
    return { literal: name, json: name };
  }
  if (isInputObjectType(type)) return objectOf(tape, type);
  const values = SCALARS[type.name] ?? [];
  const json = values[tape.next(values.length)];
  return { literal: JSON.stringify(json), json };
}

function objectOf(tape: Tape, type: Extract<GraphQLInputType, { isOneOf: boolean }>): Value {
  const fields = Object.values(type.getFields());
  const chosen = type.isOneOf
    ? fields.slice(0, 1 + tape.next(8)).slice(-1)
    : fields.filter((field) => isNonNullType(field.type) || tape.next(2) === 0);
  const values = chosen.map((field) => ({ name: field.name, value: valueOf(tape, field.type) }));
  return {
    literal: `{ ${values.map(({ name, value }) => `${name}: ${value.literal}`).join(', ')} }`,
    json: Object.fromEntries(values.map(({ name, value }) => [name, value.json])),
  };
}

function nextName(writing: Writing): number {
  writing.names += 1;
  return writing.names;
}
