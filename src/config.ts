import { z } from 'zod';
import { parseDurationMs } from './duration.ts';
import type { ExtractionSettings } from './extraction/index.ts';
import type { GrantSettings } from './grants/settings.ts';

/** All that the operator may set. Nothing else of the gateway reads the environment. */
export type Config = {
  port: number;
  host: string;
  /** Folder of the embedded store and of a generated encryption key. */
  dataDir: string;
  /** PostgreSQL in place of the embedded store. */
  databaseUrl: string | null;
  /** The key that encrypts tokens at rest, base64 of 32 bytes; null: made and kept in `dataDir`. */
  encryptionKey: string | null;
  /** The first administrator's key; null: made and shown once. */
  adminKey: string | null;
  allowPrivateGitLab: boolean;
  allowInsecureGitLab: boolean;
  corsOrigins: readonly string[];
  logLevel: LogLevel;
  introspection: boolean;
  /** Whether `/metrics` answers without a key. */
  metricsPublic: boolean;
  /** How long GitLab's answers to queries serve again (0: not at all), and how many rows are kept in all. */
  readCache: { ttlMs: number; maxRows: number };
  grants: GrantSettings;
  extraction: ExtractionSettings;
};

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOOPBACK_HOSTS = ['127.0.0.1', '::1', 'localhost'];

/** The environment is not one that the gateway can start with; the message names every fault and what to do about each. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${String(faults.length)} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

function flag(byDefault: boolean): z.ZodType<boolean, string | undefined> {
  return z
    .enum(['true', 'false', '1', '0'], { error: 'write true or false' })
    .optional()
    .transform((text) => (text === undefined ? byDefault : text === 'true' || text === '1'));
}

function duration(byDefault: string): z.ZodType<number, string | undefined> {
  return z
    .string()
    .default(byDefault)
    .transform((text, context) => {
      try {
        const durationMs = parseDurationMs(text);
        if (durationMs > 0) return durationMs;
        context.addIssue('write a duration longer than nothing, for example PT1H');
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : 'write a duration, for example PT1H');
      }
      return z.NEVER;
    });
}

/** How long something is kept: a day or more, since less is a slip of the pen. */
function keep(byDefault: string) {
  const error = 'write a duration of a day or more, for example P400D, or forever';
  const written = duration(byDefault).refine((keepMs) => keepMs >= 86_400_000, { error });
  return z.union([z.literal('forever').transform(() => null), written], { error });
}

/** How often something is done unasked; left out: never. */
function every(): z.ZodType<number | null, string | undefined> {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return null;
      const parsed = duration('PT1M').safeParse(text);
      if (parsed.success && parsed.data >= 60_000) return parsed.data;
      context.addIssue('write a duration of a minute or more, for example PT24H, or leave it out for never');
      return z.NEVER;
    });
}

function choice<const T extends readonly [string, ...string[]]>(...values: T) {
  return z.enum(values, { error: `write ${values.join(' or ')}` }).default(values[0]);
}

const originSchema = z.string().refine((text) => URL.parse(text)?.origin === text, {
  error: 'write origins such as https://app.example.com, separated by commas',
});

const environmentSchema = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'write a number from 0 to 65535')
    .default('4000')
    .transform(Number)
    .refine((port) => port <= 65_535, 'write a number from 0 to 65535'),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .refine((text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''), {
      error: 'write postgres://user:password@host:5432/database, or leave it out for the embedded store',
    })
    .optional(),
  GATEHOUSE_KEY: z
    .string()
    .refine((text) => /^[A-Za-z0-9+/]{43}=$/.test(text), {
      error: 'write 32 bytes in base64, for example the output of: openssl rand -base64 32',
    })
    .optional(),
  GATEHOUSE_ADMIN_KEY: z
    .string()
    .regex(
      /^[\x21-\x7e]{24,}$/,
      'write at least 24 letters, digits or signs without spaces, or leave it out to have one made',
    )
    .optional(),
  ALLOW_PRIVATE_GITLAB: flag(false),
  ALLOW_INSECURE_GITLAB: flag(false),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    )
    .pipe(z.array(originSchema)),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `write one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  INTROSPECTION: flag(true),
  METRICS_PUBLIC: flag(false),
  READ_CACHE_TTL: z.union([z.literal('off').transform(() => 0), duration('PT3S')], {
    error: 'write a duration longer than nothing, for example PT3S, or off',
  }),
  READ_CACHE_ROWS: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'write a number from 1 to 9999999')
    .default('20000')
    .transform(Number),
  GRANT_MAX_DURATION: duration('P7D'),
  GRANT_STANDING: choice('refuse', 'allow'),
  GRANT_ACTIVATION_TTL: duration('PT1H'),
  OUTSIDE_RAISE: choice('enforce', 'respect'),
  OUTSIDE_LOWERING: choice('respect', 'enforce'),
  FAIL_CLOSED: flag(false),
  SSO_ROOT: choice('refuse', 'allow'),
  EXTRACTION_EVERY: every(),
  EXTRACTION_CHANGES_EVERY: every(),
  EXTRACTION_KEEP: keep('P400D'),
});

/**
 * Reads the configuration from the environment; a variable that is empty counts as left out. Throws a `ConfigError` that reports
 * every fault at once. A value is never repeated in it, since it may be a secret.
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`));
  const values = parsed.data;
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL ?? null,
    encryptionKey: values.GATEHOUSE_KEY ?? null,
    adminKey: values.GATEHOUSE_ADMIN_KEY ?? null,
    allowPrivateGitLab: values.ALLOW_PRIVATE_GITLAB,
    allowInsecureGitLab: values.ALLOW_INSECURE_GITLAB,
    corsOrigins: values.CORS_ORIGINS,
    logLevel: values.LOG_LEVEL,
    introspection: values.INTROSPECTION,
    metricsPublic: values.METRICS_PUBLIC,
    readCache: { ttlMs: values.READ_CACHE_TTL, maxRows: values.READ_CACHE_ROWS },
    grants: {
      maxDurationMs: values.GRANT_MAX_DURATION,
      standing: values.GRANT_STANDING,
      activationTtlMs: values.GRANT_ACTIVATION_TTL,
      outsideRaise: values.OUTSIDE_RAISE,
      outsideLowering: values.OUTSIDE_LOWERING,
      failClosed: values.FAIL_CLOSED,
      ssoRoot: values.SSO_ROOT,
    },
    extraction: {
      everyMs: values.EXTRACTION_EVERY,
      changesEveryMs: values.EXTRACTION_CHANGES_EVERY,
      keepMs: values.EXTRACTION_KEEP,
    },
  };
}

/** What an operator should know before relying on this configuration; empty when there is nothing. */
export function configWarnings(config: Config): string[] {
  const warnings: string[] = [];
  if (!LOOPBACK_HOSTS.includes(config.host)) {
    warnings.push(
      'HOST is not this machine: put a proxy that speaks https in front, since keys and tokens travel in requests.',
    );
  }
  if (config.databaseUrl !== null && config.encryptionKey === null) {
    warnings.push(
      'DATABASE_URL is set without GATEHOUSE_KEY: the key that encrypts tokens is kept in DATA_DIR, and every gateway on this database needs the same one.',
    );
  }
  return warnings;
}
