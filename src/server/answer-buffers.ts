import type { Pieces } from './written-data.ts';

/** Most answers fit; a longer one gets memory of its own. */
const SIZE_BYTES = 1_048_576;
/** How many wait to be used again. */
const MOST_WAITING = 8;

/**
 * Memory for long answers that is used again and again: the system takes longer to give such a piece than we do to fill it. `free`
 * is called when nothing of the answer is left to be sent.
 */
export function createAnswerBuffers() {
  const waiting: Buffer[] = [];
  return {
    /** The bytes of pieces of ASCII letters. */
    write(pieces: Pieces): { bytes: Buffer; free: () => void } {
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const isUsual = length <= SIZE_BYTES;
      const buffer = isUsual ? (waiting.pop() ?? Buffer.allocUnsafeSlow(SIZE_BYTES)) : Buffer.allocUnsafe(length);
      let at = 0;
      for (const piece of pieces) at += buffer.write(piece, at, 'latin1');
      return {
        bytes: buffer.subarray(0, length),
        free: () => {
          if (isUsual && waiting.length < MOST_WAITING) waiting.push(buffer);
        },
      };
    },
  };
}
