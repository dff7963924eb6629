import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { GatehouseError } from '../errors.ts';

/** Encrypts tokens at rest. `context` says what a ciphertext belongs to; it opens only for that same context. */
export type Secrets = {
  encrypt(plain: string, context: SecretContext): Promise<string>;
  decrypt(sealed: string, context: SecretContext): Promise<string>;
};

/** Where a token may be sent: the connection's base URL. */
export type SecretContext = { baseUrl: string };

type Key = { id: string; bytes: Uint8Array };

/** Names a key without telling anything of it: the first 96 bits of the SHA-256 of 256 random bits. */
function namedKey(bytes: Uint8Array): Key {
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 16), bytes };
}

/**
 * Compact JWE, direct AES-256-GCM. The protected header names the key (`kid`) and the base URL that the token is for (`aud`);
 * both are authenticated, so a ciphertext copied to another connection's row, or a row whose URL was changed behind our back,
 * is refused instead of sending the token to the wrong host. Keys are 32 bytes; `olderKeys` only open.
 */
export function createSecrets(options: { currentKey: Uint8Array; olderKeys?: readonly Uint8Array[] }): Secrets {
  const current = namedKey(options.currentKey);
  const keys = new Map([...(options.olderKeys ?? []).map(namedKey), current].map((key) => [key.id, key.bytes]));

  return {
    async encrypt(plain, { baseUrl }) {
      const header = { alg: 'dir', enc: 'A256GCM', kid: current.id, aud: baseUrl };
      return new CompactEncrypt(new TextEncoder().encode(plain)).setProtectedHeader(header).encrypt(current.bytes);
    },

    async decrypt(sealed, { baseUrl }) {
      const key = keys.get(keyIdOf(sealed));
      if (!key) {
        throw unreadable(
          'it was encrypted with another key. Start the gateway with the GATEHOUSE_KEY it was saved with',
        );
      }
      const { plaintext, protectedHeader } = await open(sealed, key);
      if (protectedHeader['aud'] !== baseUrl) {
        throw unreadable(`it was saved for another address than ${baseUrl}. Give the connection its token again`);
      }
      return new TextDecoder().decode(plaintext);
    },
  };
}

function keyIdOf(sealed: string): string {
  try {
    return decodeProtectedHeader(sealed).kid ?? '';
  } catch (error) {
    throw unreadable('it is damaged. Give the connection its token again', error);
  }
}

async function open(sealed: string, key: Uint8Array) {
  try {
    return await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
  } catch (error) {
    throw unreadable('it is damaged. Give the connection its token again', error);
  }
}

function unreadable(why: string, cause?: unknown): GatehouseError {
  return new GatehouseError('INTERNAL_SERVER_ERROR', `The stored token of this connection cannot be read: ${why}.`, {
    cause,
  });
}
