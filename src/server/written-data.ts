import type { ExecutionResult } from 'graphql';
import type { Context } from '../resolvers/services.ts';

type Data = NonNullable<ExecutionResult['data']>;

/** Pieces of JSON, of ASCII letters alone, each short: to put them together makes a long string, which costs more than all else. */
export type Pieces = readonly string[];

/** Apollo passes copies of a context on, so that a request is told by what it alone holds. */
type Key = Context['reuse'];

const written = new WeakMap<object, { key: Key; pieces: Pieces }>();
const takers = new WeakMap<Key, { pieces: Pieces | null }>();

/** Data whose JSON is known already. Whoever takes it for plain data and writes it as JSON gets the same. */
export function writtenData(context: Context, pieces: Pieces): Data {
  const data: Data = { toJSON: (): unknown => JSON.parse(pieces.join('')) };
  written.set(data, { key: context.reuse, pieces });
  return data;
}

/** From now on the answer to this request may be left in pieces. The function that comes back takes them; null: it is a text. */
export function takePieces(context: Context): () => Pieces | null {
  const taker: { pieces: Pieces | null } = { pieces: null };
  takers.set(context.reuse, taker);
  return () => taker.pieces;
}

/** The JSON of an answer; what is written already is not written again, and left to whoever takes the pieces ('' then). */
export function textOfResult(result: { data?: unknown }): string {
  const { data, ...others } = result;
  const known = typeof data === 'object' && data !== null ? written.get(data) : undefined;
  if (known === undefined) return JSON.stringify(result);
  const rest = asciiJson(others);
  const pieces = ['{"data":', ...known.pieces, rest === '{}' ? '}' : `,${rest.slice(1)}`];
  const taker = takers.get(known.key);
  if (taker === undefined) return pieces.join('');
  taker.pieces = pieces;
  return '';
}

/** JSON in which every letter beyond ASCII is escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
