import { parseDate } from '../model/index.ts';
import { refuseError, type Refusal } from './reply.ts';

/** Parameters of path, query and body together, before any checking. */
export type RawParams = Record<string, unknown>;

interface Common {
  readonly required?: true;
}
interface ValueTypes {
  readonly int: number | null;
  readonly string: string;
  readonly bool: boolean;
  readonly date: string | null;
  /** An instant in milliseconds. */
  readonly time: number | null;
  readonly ints: number[];
  readonly strings: string[];
}
type Type = keyof ValueTypes;
export interface Rule extends Common {
  readonly type: Type;
  readonly values?: readonly (number | string)[];
  readonly except?: readonly number[];
}
export type Rules = Record<string, Rule>;
type Required<R extends Rules> = {
  [K in keyof R as R[K]['required'] extends true ? K : never]: ValueTypes[R[K]['type']];
};
type Optional<R extends Rules> = {
  [K in keyof R as R[K]['required'] extends true ? never : K]?: ValueTypes[R[K]['type']];
};
/** What `check` gives back: a key is there only when the caller sent it. */
export type Checked<R extends Rules> = Required<R> & Optional<R>;

interface Groupings {
  readonly exclusive?: readonly string[];
  readonly atLeastOne?: readonly string[];
}

class Wrong extends Error {}

/** A date as people write it or with a time behind it; an empty one clears. */
function dateOf(text: string): string | null {
  if (text === '') return null;
  const date = parseDate(text);
  if (date === null) throw new Wrong('is invalid');
  return date;
}

/** A date-time; without a zone it is UTC, a bare date its first instant. An empty one clears. */
function timeOf(text: string): number | null {
  if (text === '') return null;
  if (parseDate(text) === null) throw new Wrong('is invalid');
  const zoned = text.length === 10 || /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
  const atMs = Date.parse(zoned.replace(' ', 'T'));
  if (Number.isNaN(atMs)) throw new Wrong('is invalid');
  return atMs;
}

function intOf(value: unknown): number | null {
  if (value === null || value === '') return null;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  throw new Wrong('is invalid');
}

function stringOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Wrong('is invalid');
}

function boolOf(value: unknown): boolean {
  if (value === null || value === '') return false;
  if (value === true || value === 'true' || value === 't' || value === '1' || value === 'on') return true;
  if (value === false || value === 'false' || value === 'f' || value === '0' || value === 'off') return false;
  throw new Wrong('is invalid');
}

function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(stringOf).filter((item) => item !== '');
  return stringOf(value)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

const READERS: { [T in Type]: (value: unknown) => ValueTypes[T] } = {
  int: intOf,
  string: stringOf,
  bool: boolOf,
  date: (value) => dateOf(stringOf(value)),
  time: (value) => timeOf(stringOf(value)),
  ints: (value) => listOf(value).map((item) => intOf(item) ?? 0),
  strings: listOf,
};

function readOne(rule: Rule, raw: unknown): unknown {
  const value: unknown = READERS[rule.type](raw);
  if (typeof value === 'number' && rule.except?.includes(value)) throw new Wrong('has a value not allowed');
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const { values } = rule;
  const offList = values && items.some((item) => item !== null && !values.some((allowed) => allowed === item));
  if (offList) throw new Wrong('does not have a valid value');
  return value;
}

/**
 * Checks parameters as Grape does: every fault found is named in one shape-C body, joined with commas.
 * Undeclared parameters are dropped; a key of the result is there only when it was sent.
 */
export function check<R extends Rules>(raw: RawParams, rules: R, groupings: Groupings = {}): Checked<R> {
  const found: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, rule] of Object.entries(rules)) {
    if (!(name in raw)) {
      if (rule.required) faults.push(`${name} is missing`);
      continue;
    }
    try {
      found[name] = readOne(rule, raw[name]);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      faults.push(`${name} ${error.message}`);
    }
  }
  faults.push(...groupingFaults(raw, groupings));
  if (faults.length > 0) throw invalid(faults);
  return found as Checked<R>;
}

function groupingFaults(raw: RawParams, groupings: Groupings): string[] {
  const { exclusive, atLeastOne } = groupings;
  const faults: string[] = [];
  const sent = (names: readonly string[]): number => names.filter((name) => name in raw).length;
  if (exclusive && sent(exclusive) > 1) faults.push(`${exclusive.join(', ')} are mutually exclusive`);
  if (atLeastOne && sent(atLeastOne) === 0) {
    faults.push(`${atLeastOne.join(', ')} are missing, at least one parameter must be provided`);
  }
  return faults;
}

function invalid(faults: readonly string[]): Refusal {
  return refuseError(400, faults.join(', '));
}
