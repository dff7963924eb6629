/** Lists whose length is kept in mind. */
const MAX_KEPT = 10_000;

/**
 * How many direct rows groups and projects were seen to have, by `group:7`. Only ever used to guess how much work a read
 * will be; no answer depends on it.
 */
export type RowCounts = {
  saw(kind: 'group' | 'project', id: string, rows: number): void;
  /** Null: it was not seen yet. */
  of(kind: 'group' | 'project', id: string): number | null;
};

export function createRowCounts(): RowCounts {
  const counts = new Map<string, number>();
  return {
    saw(kind, id, rows) {
      const [longestKnown] = counts.keys();
      if (counts.size >= MAX_KEPT && longestKnown !== undefined) counts.delete(longestKnown);
      counts.set(`${kind}:${id}`, rows);
    },
    of: (kind, id) => counts.get(`${kind}:${id}`) ?? null,
  };
}
