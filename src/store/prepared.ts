/** A text that came so often is likely to come again. */
const SIGHTS = 3;
/** Each costs the database some ten kilobytes for as long as the process lives. */
const MOST_PREPARED = 300;
/** Texts that vary with the length of a list are without end, and rarely come a third time before these are forgotten. */
const MOST_WATCHED = 300;

/**
 * Names for the statements that are worth being prepared, so that the database does not parse and plan them anew each time:
 * those that come again soon, and no more than a fixed number. Null for the others.
 */
export function createStatementNames(): (text: string) => string | null {
  const names = new Map<string, string>();
  const sights = new Map<string, number>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= MOST_PREPARED) return null;
    const seen = (sights.get(text) ?? 0) + 1;
    if (seen < SIGHTS) {
      if (sights.size >= MOST_WATCHED) sights.clear();
      sights.set(text, seen);
      return null;
    }
    sights.delete(text);
    const name = `s${String(names.size)}`;
    names.set(text, name);
    return name;
  };
}
