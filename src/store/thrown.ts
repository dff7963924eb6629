/** What was thrown may be anything, and Node's own errors are not always of this realm's `Error`, so its parts are asked for. */
export function codeOf(thrown: unknown): string | null {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' ? code : null;
}

/** Its message, or its code where the message is empty (as with a refused connection). */
export function messageOf(thrown: unknown): string {
  const message = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : thrown;
  return typeof message === 'string' && message !== '' ? message : (codeOf(thrown) ?? 'no reason given');
}
