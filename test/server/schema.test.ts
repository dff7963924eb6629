import { expect, it } from '@jest/globals';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, validateSchema } from 'graphql';
import type { GraphQLNamedType } from 'graphql';
import { printedSchema } from '../../scripts/print-schema.ts';
import { readSdl } from '../../src/server/sdl.ts';

const schema = buildSchema(readSdl());
const types = Object.values(schema.getTypeMap()).filter(
  ({ name }) => !name.startsWith('__') && !['String', 'Int', 'Boolean', 'ID', 'Float'].includes(name),
);

/** Every thing that a type declares, by its full name, with its description. */
function declared(type: GraphQLNamedType): [string, string | null | undefined][] {
  const own: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isEnumType(type)) own.push(...type.getValues().map((value) => named(type, value)));
  if (isInputObjectType(type)) own.push(...Object.values(type.getFields()).map((field) => named(type, field)));
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      own.push(named(type, field), ...field.args.map((arg) => named({ name: `${type.name}.${field.name}` }, arg)));
    }
  }
  return own;
}

function named(
  parent: { name: string },
  thing: { name: string; description?: string | null | undefined },
): [string, string | null | undefined] {
  return [`${parent.name}.${thing.name}`, thing.description];
}

it('the schema is valid', () => {
  expect(validateSchema(schema)).toEqual([]);
});

it('every type, field, argument, input field and enum value says what it is', () => {
  const all = types.flatMap(declared);
  expect(all.length).toBeGreaterThan(300);
  expect(all.filter(([, text]) => (text ?? '').trim().length < 5).map(([name]) => name)).toEqual([]);
});

it('every list that grows is paged in the one way', () => {
  const pages = types.filter(({ name }) => /.Connection$/.test(name));
  expect(pages.length).toBe(15);
  for (const page of pages) {
    const item = page.name.replace(/Connection$/, '');
    if (!isObjectType(page)) throw new Error(`${page.name} is no object type`);
    const shape = Object.fromEntries(Object.values(page.getFields()).map((field) => [field.name, String(field.type)]));
    // Answers from an extraction also tell what it could not read.
    delete shape['unknownSources'];
    expect(shape).toEqual({ edges: `[${item}Edge!]!`, nodes: `[${item}!]!`, pageInfo: 'PageInfo!', totalCount: 'Int' });
  }
  for (const type of types.filter(isObjectType)) {
    for (const field of Object.values(type.getFields()).filter((one) => /.Connection!?$/.test(String(one.type)))) {
      const args = Object.fromEntries(
        field.args.map((arg) => [arg.name, `${String(arg.type)} ${String(arg.defaultValue)}`]),
      );
      expect({ field: `${type.name}.${field.name}`, ...args }).toMatchObject({
        first: 'Int! 20',
        after: 'String undefined',
      });
    }
  }
});

it('every mutation takes one input and answers a payload with user errors', () => {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const name = field.name.charAt(0).toUpperCase() + field.name.slice(1);
    expect(field.args.map((arg) => `${arg.name}: ${String(arg.type)}`)).toEqual([`input: ${name}Input!`]);
    expect(String(field.type)).toBe(`${name}Payload!`);
    const payload = schema.getType(`${name}Payload`);
    expect(isObjectType(payload) && String(payload.getFields()['userErrors']?.type)).toBe('[UserError!]!');
  }
});

it('the printed schema is the same schema, with its ways to point at one thing marked', () => {
  const printed = printedSchema();
  expect(Object.keys(buildSchema(printed).getTypeMap()).sort()).toEqual(Object.keys(schema.getTypeMap()).sort());
  for (const name of ['UserRef', 'TargetRef', 'AccessRef']) expect(printed).toContain(`input ${name} @oneOf {`);
});
