import type { GitLabClient } from '../gitlab/client.ts';

/** One request's batched reads of one connection. Filled in by the loaders' own files. */
export type Loaders = { readonly client: GitLabClient };
