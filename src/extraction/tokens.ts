import type { BulkPage } from '../gitlab/bulk/records.ts';
import { GitLabError } from '../gitlab/errors.ts';
import type { AccessTokenRecord, SourceRef } from '../gitlab/records.ts';
import { sourcesWithBots } from '../store/extraction-stage.ts';
import type { StagedRows } from '../store/extraction-stage.ts';
import type { Store } from '../store/store.ts';
import { LOT, eachSource } from './each-source.ts';
import { walk } from './lists.ts';
import { chunksOf } from './parallel.ts';
import type { Reading } from './reading.ts';

const PAGE = 100;

function tokenRows(source: SourceRef | null, tokens: readonly AccessTokenRecord[]): StagedRows {
  const kind = source === null ? 'PERSONAL' : source.kind === 'group' ? 'GROUP' : 'PROJECT';
  return {
    tokens: tokens.map((token) => ({
      kind,
      gitlab_id: token.id,
      user_id: token.userId,
      source_kind: source?.kind ?? null,
      source_id: source?.id ?? null,
      access_level: token.accessLevel,
      name: token.name,
      scopes: token.scopes,
      active: token.active,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      last_used_at: token.lastUsedAt,
    })),
  };
}

/** Access tokens of groups and projects: where a token's bot is a member, and nowhere else, since each token has one. */
export async function readSourceTokens(reading: Reading, store: Store): Promise<void> {
  await eachSource(reading, {
    what: 'tokens',
    part: 'TOKENS',
    lots: chunksOf(await sourcesWithBots(store.db, reading.run.id), LOT),
    read: async (source) => {
      const tokens: AccessTokenRecord[] = [];
      let after: string | null = null;
      do {
        const page = await reading.client.accessTokens({ kind: source.kind, id: source.id }, { first: PAGE, after });
        tokens.push(...page.items);
        after = page.hasNextPage ? page.endCursor : null;
      } while (after !== null);
      return { rows: tokenRows(source, tokens) };
    },
  });
}

const NO_ADMIN = new GitLabError(
  'FORBIDDEN',
  "The connection's token does not have the rights of an administrator in the REST API, so other people's tokens are not shown.",
);

/** Personal access tokens: everybody's for an administrator, else those of the token's own user. */
export async function readPersonalTokens(reading: Reading): Promise<void> {
  const { client, connection } = reading;
  const { isAdmin, gitlabId } = connection.identity;
  await walk<AccessTokenRecord>(reading, {
    step: 'personal-tokens',
    what: 'TOKENS',
    read: async (after): Promise<BulkPage<AccessTokenRecord>> => {
      // Without these rights GitLab shows the token's own user's tokens and no error (docs/gitlab.md §access tokens).
      if (after === null && isAdmin && !(await client.probeAdmin(gitlabId))) throw NO_ADMIN;
      return { ...(await client.accessTokens({ kind: 'instance' }, { first: PAGE, after })), gaps: 0 };
    },
    keep: (tokens) => tokenRows(null, tokens),
  });
}
