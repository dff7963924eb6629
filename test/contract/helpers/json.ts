/** A JSON object whose fields nobody has checked yet. */
export type Json = Record<string, unknown>;

/** The value as an object. Throws with the value in the message when it is none. */
export function record(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`expected an object, got ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value));
}

/** The value as a list of objects. Throws with the value in the message when it is none. */
export function rows(value: unknown): Json[] {
  if (!Array.isArray(value)) throw new Error(`expected a list, got ${JSON.stringify(value)}`);
  return value.map(record);
}

/** The number under `key`. Throws when there is none. */
export function numberAt(value: unknown, key: string): number {
  const found = record(value)[key];
  if (typeof found !== 'number') throw new Error(`expected a number at ${key}, got ${JSON.stringify(value)}`);
  return found;
}

/** The text under `key`. Throws when there is none. */
export function textAt(value: unknown, key: string): string {
  const found = record(value)[key];
  if (typeof found !== 'string') throw new Error(`expected a text at ${key}, got ${JSON.stringify(value)}`);
  return found;
}

/** The value at a path of keys and indexes, undefined where the path breaks off. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.entries(here).find(([key]) => key === String(step))?.[1];
  }
  return here;
}

/** The ids of a list of objects, in their order. */
export function idsOf(value: unknown): number[] {
  return rows(value).map((row) => numberAt(row, 'id'));
}
