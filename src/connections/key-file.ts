import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;
const FILE_NAME = 'gatehouse.key';

/**
 * The key that encrypts tokens at rest, 32 bytes: `configured` (GATEHOUSE_KEY) where given, else the one kept in
 * `<dataDir>/gatehouse.key`, made on first use with mode 0600. Two processes that start at once end with one key. Throws an
 * Error that says what to do when the key is malformed or others may read the file.
 */
export async function loadOrCreateKey(options: {
  configured?: string | undefined;
  dataDir: string;
}): Promise<Uint8Array> {
  if (options.configured !== undefined) {
    return parseKey(options.configured, 'GATEHOUSE_KEY', 'Make one with: openssl rand -base64 32');
  }
  const path = join(options.dataDir, FILE_NAME);
  return (await readKeyFile(path)) ?? (await createKeyFile(options.dataDir, path));
}

function parseKey(text: string, where: string, remedy: string): Uint8Array {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  // Node skips what is not base64 in silence, so the text must also come out as it went in.
  const clean = bytes.toString('base64').replace(/=+$/, '') === trimmed.replace(/=+$/, '');
  if (!clean || bytes.length !== KEY_BYTES) {
    throw new Error(`${where} must be ${String(KEY_BYTES)} bytes in base64. ${remedy}`);
  }
  return new Uint8Array(bytes);
}

async function readKeyFile(path: string): Promise<Uint8Array | null> {
  const found = await stat(path).catch(nullIfMissing);
  if (!found) {
    return null;
  }
  // Windows has no such bits; there the folder's own rights protect the file.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
    throw new Error(
      `The encryption key ${path} may be read by others (mode ${mode}). If nobody has read it, run: chmod 600 ${path}`,
    );
  }
  const text = await readFile(path, 'utf8');
  return parseKey(
    text,
    path,
    'Restore it from a backup: without it, saved tokens cannot be read and must be given again',
  );
}

/** Written whole under another name and then linked, which fails if the name is taken: nobody ever reads half a key. */
async function createKeyFile(dataDir: string, path: string): Promise<Uint8Array> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') {
        throw error;
      }
    });
  } finally {
    await rm(draft, { force: true });
  }
  const key = await readKeyFile(path);
  if (!key) {
    throw new Error(`The encryption key ${path} was removed while the gateway started. Start it again`);
  }
  return key;
}

function nullIfMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') {
    return null;
  }
  throw error;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
