import type { MemberRow } from './gitlab.ts';
import type { Person, Source } from './world.ts';

export type Place = { source: Source; person: Person };

/** What the harness itself knows: the rows before, what it asked for, and what it was promised. Nothing comes from a gateway's store. */
export type Ledger = {
  /** `accessLevel`: the most that this may give; left out where nothing is to be given. */
  asked(place: Place, accessLevel?: number): void;
  /** A membership shall be gone for good, and the gateway said yes. */
  revoked(place: Place): void;
  /** Every row that is more than may be at any time, in words: another one at a place that was never asked for, or a higher role than asked. */
  excess(rows: readonly MemberRow[]): string[];
  /** Every row that is not as it must be, in words. `today` is GitLab's date: rows whose own date has come may be gone. */
  differences(after: readonly MemberRow[], today: string): string[];
};

const placeKey = ({ source, person }: Place): string =>
  `${source.kind === 'group' ? 'Group' : 'Project'}:${String(source.id)}:${String(person.id)}`;
const rowKey = (row: MemberRow): string => `${row.sourceKind}:${String(row.sourceId)}:${String(row.userId)}`;

/** Fields of a row that was raised and put back; GitLab stamps `updatedAt` at each change. */
function kept({ updatedAt, ...row }: MemberRow, touched: boolean): Record<string, unknown> {
  return touched ? row : { ...row, updatedAt };
}

export function createLedger(before: readonly MemberRow[]): Ledger {
  const touched = new Map<string, number>();
  const levels = new Map(before.map((row) => [rowKey(row), row.accessLevel]));
  const gone = new Set<string>();

  function check(was: MemberRow, is: MemberRow | undefined, today: string): string[] {
    const key = rowKey(was);
    if (gone.has(key)) return is === undefined ? [] : [`${key}: revoked for good, yet there is ${JSON.stringify(is)}`];
    if (is === undefined) {
      const byDate = was.expiresAt !== null && was.expiresAt <= today;
      return byDate ? [] : [`${key}: the row that stood before is missing: ${JSON.stringify(was)}`];
    }
    const [expected, found] = [kept(was, touched.has(key)), kept(is, touched.has(key))];
    const fields = Object.keys(expected).filter((field) => expected[field] !== found[field]);
    return fields.map((field) => `${key}: ${field} was ${String(expected[field])} and is ${String(found[field])}`);
  }

  return {
    asked(place, accessLevel = 0) {
      const key = placeKey(place);
      touched.set(key, Math.max(touched.get(key) ?? 0, accessLevel));
    },
    excess(rows) {
      return rows.flatMap((row) => {
        const key = rowKey(row);
        const most = Math.max(levels.get(key) ?? 0, touched.get(key) ?? 0);
        return row.accessLevel > most
          ? [`${key}: level ${String(row.accessLevel)} where ${String(most)} is the most`]
          : [];
      });
    },
    revoked(place) {
      gone.add(placeKey(place));
    },
    differences(after, today) {
      const left = new Map(after.map((row) => [row.id, row]));
      const found: string[] = [];
      for (const was of before) {
        found.push(...check(was, left.get(was.id), today));
        left.delete(was.id);
      }
      for (const row of left.values()) {
        found.push(`${rowKey(row)}: a row that must not be: ${JSON.stringify(row)}`);
      }
      return found;
    },
  };
}
