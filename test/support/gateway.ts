import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { startSandbox } from '../../sandbox/server.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/server.ts';
import { createGatehouse } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { DEFAULT_GRANT_SETTINGS } from '../../src/grants/settings.ts';
import type { ExtractionSettings } from '../../src/extraction/index.ts';
import type { GrantSettings } from '../../src/grants/settings.ts';
import { createLog } from '../../src/log.ts';
import type { Store } from '../../src/store/store.ts';
import { freshDatabase } from './postgres.ts';
import { embeddedTemplate } from './stores.ts';

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.looseObject({ code: z.string() }),
      }),
    )
    .default([]),
});

export type GatewayAnswer<T> = {
  status: number;
  data: T;
  errors: z.output<typeof answerSchema>['errors'];
};

export type GatewayOptions = {
  /** `folder`: the embedded store in a folder of its own, which a restart finds again. */
  store: 'memory' | 'folder' | 'postgres';
  /** How the sandbox behind it is made; size `tiny` unless told. */
  sandbox?: SandboxOptions;
  settings?: Partial<GrantSettings>;
  extraction?: Partial<ExtractionSettings>;
  /** How long answers to queries serve again; not at all unless told, so that every read can be counted. */
  readCacheMs?: number;
};

/** A whole gateway over real HTTP in this process, with a sandbox GitLab behind it. Both clocks are moved by `advance`. */
export type Gateway = {
  url(): string;
  /** The open store of the gateway that runs now. */
  store(): Store;
  adminKey: string;
  sandbox: Sandbox;
  /** One JSON line for each thing that the gateway logged. */
  logged: readonly string[];
  /** Asks as the administrator, with another key, or (`key` null) with none. `T` is the shape that the test's own query asks for. */
  query<T = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
    options?: { key?: string | null },
  ): Promise<GatewayAnswer<T>>;
  /** Saves a connection to the sandbox (by the root-group Owner's token unless told) and answers its global id. */
  connect(options?: { name?: string; token?: string }): Promise<string>;
  /** Moves both clocks and does what became due. */
  advance(ms: number): Promise<void>;
  /** How often GitLab's API was called since the last `clearCalls`. */
  calls(): number;
  clearCalls(): void;
  /** Ends the gateway in order and starts another on the same store (not `memory`); `url` is a new one then. */
  restart(): Promise<void>;
  /** Starts another gateway on the same PostgreSQL, sandbox, keys and clock. Close it before this one. */
  another(): Promise<Beside>;
  /** The environment of a gateway process on the same PostgreSQL, sandbox and keys; its clock is the real one. */
  environment(): Record<string, string>;
  close(): Promise<void>;
};

/** A gateway that shares the sandbox and the store with the one that it was started beside. */
export type Beside = Pick<Gateway, 'url' | 'query' | 'close'>;

const SAVE = `mutation Save($input: SaveConnectionInput!) {
  saveConnection(input: $input) { connection { id } report { checks { code status message } } userErrors { message } }
}`;
type Saved = { saveConnection: { connection: { id: string } | null } };

/** Starts a sandbox and a gateway, both on free ports of this machine. Close it, or the test run does not end. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const sandbox = await startSandbox({ size: 'tiny', ...options.sandbox });
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-test-'));
  const database = options.store === 'postgres' ? await freshDatabase() : null;
  const adminKey = randomBytes(24).toString('base64url');
  const logged: string[] = [];
  let shiftMs = 0;
  const config = configFor({
    dataDir,
    databaseUrl: database?.url ?? null,
    adminKey,
    settings: options.settings ?? {},
    extraction: options.extraction ?? {},
    readCacheMs: options.readCacheMs ?? 0,
  });
  const start = (template: { storeTemplate?: Blob } = {}) =>
    createGatehouse({
      config,
      log: createLog({ level: 'debug', destination: { write: (line) => logged.push(line) } }),
      inMemory: options.store === 'memory',
      clockShiftMs: () => shiftMs,
      ...template,
    });
  let running = await start(options.store === 'postgres' ? {} : { storeTemplate: await embeddedTemplate() });

  const gateway: Gateway = {
    url: () => running.url,
    store: () => running.services.store,
    adminKey,
    sandbox,
    logged,
    query: queryAt(() => running.url, adminKey),
    async connect({ name = 'sandbox', token = sandbox.tokens.owner } = {}) {
      const input = { name, baseUrl: sandbox.url, token };
      const { data, errors } = await gateway.query<Saved>(SAVE, { input });
      const id = errors.length === 0 ? data.saveConnection.connection?.id : undefined;
      if (id === undefined) throw new Error(`The sandbox could not be connected: ${JSON.stringify({ data, errors })}`);
      return id;
    },
    async advance(ms) {
      shiftMs += ms;
      sandbox.advance(ms);
      await running.sweep();
    },
    calls: () => sandbox.calls().length,
    clearCalls: () => {
      sandbox.clearCalls();
    },
    async restart() {
      if (options.store === 'memory') throw new Error('A store in memory is gone with its gateway.');
      await running.close();
      running = await start();
    },
    async another() {
      if (database === null) throw new Error('Only a PostgreSQL is shared.');
      const beside = await start();
      return { url: () => beside.url, query: queryAt(() => beside.url, adminKey), close: () => beside.close() };
    },
    environment: () => ({
      PORT: '0',
      DATA_DIR: dataDir,
      DATABASE_URL: database?.url ?? '',
      GATEHOUSE_KEY: config.encryptionKey ?? '',
      GATEHOUSE_ADMIN_KEY: adminKey,
      ALLOW_INSECURE_GITLAB: 'true',
    }),
    async close() {
      await running.close();
      await sandbox.close();
      await database?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return gateway;
}

/** Asks a gateway over HTTP, as the administrator unless told. */
export function queryAt(url: () => string, adminKey: string): Gateway['query'] {
  return async <T>(
    document: string,
    variables?: Record<string, unknown>,
    { key = adminKey }: { key?: string | null } = {},
  ) => {
    const response = await fetch(`${url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ query: document, ...(variables === undefined ? {} : { variables }) }),
    });
    const { data, errors } = answerSchema.parse(await response.json());
    return { status: response.status, data: (data ?? null) as T, errors };
  };
}

type Choices = {
  dataDir: string;
  databaseUrl: string | null;
  adminKey: string;
  settings: Partial<GrantSettings>;
  extraction: Partial<ExtractionSettings>;
  readCacheMs: number;
};

function configFor({ dataDir, databaseUrl, adminKey, settings, extraction, readCacheMs }: Choices): Config {
  return {
    port: 0,
    host: '127.0.0.1',
    dataDir,
    databaseUrl,
    encryptionKey: randomBytes(32).toString('base64'),
    adminKey,
    allowPrivateGitLab: false,
    allowInsecureGitLab: true,
    corsOrigins: [],
    logLevel: 'debug',
    introspection: true,
    metricsPublic: false,
    readCache: { ttlMs: readCacheMs, maxRows: 10_000 },
    grants: { ...DEFAULT_GRANT_SETTINGS, ...settings },
    extraction: { everyMs: null, changesEveryMs: null, keepMs: null, ...extraction },
  };
}
