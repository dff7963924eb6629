import type { SourceRef } from './records.ts';

/**
 * What changed in GitLab, as far as it is known. `rows`: memberships at this group or project (null: any), of this person (null:
 * anybody). `anything`: names, paths and people too.
 */
export type GitLabChange = 'anything' | { rows: { source: SourceRef | null; userId: string | null } };

/**
 * What an answer tells of. `rows` are memberships: at one source (null: at any), of some people (null: of anybody); `below` and
 * `above` say that rows of groups and projects below it, or of groups above it or invited, are among them. `things` are groups,
 * projects and people themselves.
 */
export type About =
  'things' | { rows: { source: SourceRef | null; userIds: readonly string[] | null; below: boolean; above: boolean } };

export type ReadCacheOptions = {
  /** How long an answer serves; 0: not at all. */
  ttlMs: number;
  /** Rows kept in all; the longest unused go first. */
  maxRows: number;
  /** May be moved either way. */
  nowMs: () => number;
};

export type CachedRead = { value: unknown; readAtMs: number };

type Entry = CachedRead & { about: About; rows: number; owner: object };

/**
 * Answers of GitLab for a short while, for all connections together. Only what was really answered is kept: no failure, and no
 * "shown to nobody". `owner` stands for one connection with one token; what one was shown, no other is.
 */
export type ReadCache = {
  get(owner: object, name: string): CachedRead | null;
  keep(owner: object, name: string, read: CachedRead & { about: About; rows: number }): void;
  /** Drops what may be another now. */
  forget(owner: object, change: GitLabChange): void;
};

function isSame(a: SourceRef, b: SourceRef): boolean {
  return a.kind === b.kind && a.id === b.id;
}

/** Whether an answer may be another after the change. In doubt it may. */
export function mayBeAnother(about: About, change: GitLabChange): boolean {
  if (change === 'anything') return true;
  if (about === 'things') return false;
  const { source, userIds, below, above } = about.rows;
  const { rows: changed } = change;
  if (changed.userId !== null && userIds !== null && !userIds.includes(changed.userId)) return false;
  if (source === null || changed.source === null || isSame(source, changed.source)) return true;
  // A project has nothing below it, and is above nothing.
  return below || (above && changed.source.kind === 'group');
}

export function createReadCache({ ttlMs, maxRows, nowMs }: ReadCacheOptions): ReadCache {
  const numbers = new WeakMap<object, number>();
  const entries = new Map<string, Entry>();
  let owners = 0;
  let rows = 0;

  const keyOf = (owner: object, name: string): string => {
    const number = numbers.get(owner) ?? (owners += 1);
    numbers.set(owner, number);
    return `${String(number)} ${name}`;
  };

  const drop = (key: string, entry: Entry): void => {
    rows -= entry.rows;
    entries.delete(key);
  };

  return {
    get(owner, name) {
      const key = keyOf(owner, name);
      const entry = entries.get(key);
      if (entry === undefined) return null;
      const ageMs = nowMs() - entry.readAtMs;
      if (ageMs < 0 || ageMs >= ttlMs) {
        drop(key, entry);
        return null;
      }
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    keep(owner, name, read) {
      if (ttlMs === 0 || read.rows > maxRows) return;
      const key = keyOf(owner, name);
      const before = entries.get(key);
      if (before !== undefined) drop(key, before);
      entries.set(key, { ...read, owner });
      rows += read.rows;
      for (const [oldest, entry] of entries) {
        if (rows <= maxRows) break;
        drop(oldest, entry);
      }
    },
    forget(owner, change) {
      for (const [key, entry] of entries) {
        if (entry.owner === owner && mayBeAnother(entry.about, change)) drop(key, entry);
      }
    },
  };
}
