/** A front end's view of the gateway: GraphQL over HTTP with a key. */
export type Api = <T>(document: string, variables?: Record<string, unknown>) => Promise<T>;

type Answer<T> = { data?: T | null; errors?: { message: string }[] };

/** Asks the gateway at `url`; throws when the answer holds an error. */
export function createApi(deps: { url: string; key: string; fetch: typeof fetch }): Api {
  return async <T>(document: string, variables: Record<string, unknown> = {}): Promise<T> => {
    const response = await deps.fetch(`${deps.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${deps.key}` },
      body: JSON.stringify({ query: document, variables }),
    });
    const answer = (await response.json()) as Answer<T>;
    const fault = answer.errors?.[0]?.message;
    if (fault !== undefined) throw new Error(`The gateway answered: ${fault}`);
    if (answer.data === null || answer.data === undefined) {
      throw new Error(`The gateway answered ${String(response.status)} without data.`);
    }
    return answer.data;
  };
}
