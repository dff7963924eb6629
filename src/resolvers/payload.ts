import { Refusal } from '../errors.ts';
import type { UserError } from '../errors.ts';

/**
 * Runs a use case for a mutation. Its answer becomes the payload; a `Refusal` becomes `refused` with the refusal's `userErrors`;
 * anything else that is thrown stays a top-level error.
 */
export async function payload<T extends object>(
  refused: T,
  work: () => Promise<T & { userErrors?: readonly UserError[] }>,
): Promise<T & { userErrors: readonly UserError[] }> {
  try {
    const answer = await work();
    return { ...answer, userErrors: answer.userErrors ?? [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...refused, userErrors: error.userErrors };
  }
}
