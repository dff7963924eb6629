import { createHash } from 'node:crypto';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * One text for one value: keys sorted, no white space, numbers as JavaScript writes them. It comes out the same after the
 * value went through `jsonb`, which orders keys and writes numbers in its own way.
 */
export function canonicalJson(value: unknown): string {
  return write(storableJson(value));
}

/** SHA-256 of the canonical text, hex. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/**
 * The value as `jsonb` can keep it: what JSON has no word for is dropped or becomes null as in `JSON.stringify`, big
 * integers and dates become text, and characters that PostgreSQL refuses (NUL, halves of a surrogate pair) become U+FFFD.
 */
export function storableJson(value: unknown): Json {
  // In a list, because on its own what JSON has no word for gives no text at all; there it is null.
  const text = JSON.stringify([value], (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
  const [storable = null] = JSON.parse(text) as Json[];
  return clean(storable);
}

/** Text as PostgreSQL can keep it. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

function clean(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [storableText(key), clean(part)]));
}

function write(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const parts = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${write(part)}`).join(',')}}`;
}
