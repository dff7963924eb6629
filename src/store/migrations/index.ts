import type { Migration } from 'kysely/migration';
import * as ledger from './0001-ledger.ts';
import * as hookSecrets from './0002-hook-secrets.ts';
import * as residue from './0003-residue.ts';
import * as queuedWrites from './0004-queued-writes.ts';
import * as tokenRotations from './0005-token-rotations.ts';
import * as extraction from './0006-extraction.ts';
import * as callLimits from './0007-call-limits.ts';
import * as watches from './0008-watches.ts';

/** In the order of their names; a migration that was released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-ledger': ledger,
  '0002-hook-secrets': hookSecrets,
  '0003-residue': residue,
  '0004-queued-writes': queuedWrites,
  '0005-token-rotations': tokenRotations,
  '0006-extraction': extraction,
  '0007-call-limits': callLimits,
  '0008-watches': watches,
};
