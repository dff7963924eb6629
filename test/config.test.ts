import { describe, expect, it } from '@jest/globals';
import { ConfigError, configWarnings, loadConfig } from '../src/config.ts';
import { DEFAULT_GRANT_SETTINGS } from '../src/grants/settings.ts';

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('configuration', () => {
  it('an empty environment is enough, and gives the defaults that are documented', () => {
    expect(loadConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      dataDir: './data',
      databaseUrl: null,
      encryptionKey: null,
      adminKey: null,
      allowPrivateGitLab: false,
      allowInsecureGitLab: false,
      corsOrigins: [],
      logLevel: 'info',
      introspection: true,
      metricsPublic: false,
      readCache: { ttlMs: 3_000, maxRows: 20_000 },
      grants: DEFAULT_GRANT_SETTINGS,
      extraction: { everyMs: null, changesEveryMs: null, keepMs: 34_560_000_000 },
    });
  });

  it('every variable is read, and an empty one counts as left out', () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const config = loadConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      DATA_DIR: '/var/lib/gatehouse',
      DATABASE_URL: 'postgresql://u:p@db/gatehouse',
      GATEHOUSE_KEY: key,
      GATEHOUSE_ADMIN_KEY: 'x'.repeat(24),
      ALLOW_PRIVATE_GITLAB: 'true',
      ALLOW_INSECURE_GITLAB: '1',
      CORS_ORIGINS: 'https://a.example, http://localhost:3000',
      LOG_LEVEL: '',
      INTROSPECTION: 'false',
      METRICS_PUBLIC: 'true',
      READ_CACHE_TTL: 'PT10S',
      READ_CACHE_ROWS: '500',
      GRANT_MAX_DURATION: 'P1DT12H',
      GRANT_STANDING: 'allow',
      GRANT_ACTIVATION_TTL: 'PT30S',
      OUTSIDE_RAISE: 'respect',
      OUTSIDE_LOWERING: 'enforce',
      FAIL_CLOSED: 'true',
      SSO_ROOT: 'allow',
      EXTRACTION_EVERY: 'PT24H',
      EXTRACTION_CHANGES_EVERY: 'PT10M',
      EXTRACTION_KEEP: 'P90D',
    });
    expect(config).toEqual({
      port: 0,
      host: '0.0.0.0',
      dataDir: '/var/lib/gatehouse',
      databaseUrl: 'postgresql://u:p@db/gatehouse',
      encryptionKey: key,
      adminKey: 'x'.repeat(24),
      allowPrivateGitLab: true,
      allowInsecureGitLab: true,
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
      logLevel: 'info',
      introspection: false,
      metricsPublic: true,
      readCache: { ttlMs: 10_000, maxRows: 500 },
      grants: {
        maxDurationMs: 129_600_000,
        standing: 'allow',
        activationTtlMs: 30_000,
        outsideRaise: 'respect',
        outsideLowering: 'enforce',
        failClosed: true,
        ssoRoot: 'allow',
      },
      extraction: { everyMs: 86_400_000, changesEveryMs: 600_000, keepMs: 7_776_000_000 },
    });
  });

  it('what was read may be kept for ever', () => {
    expect(loadConfig({ EXTRACTION_KEEP: 'forever' }).extraction.keepMs).toBeNull();
  });

  it('every fault is reported at once, with what to do, and no value is repeated that may be a secret', () => {
    const bad = {
      PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      GATEHOUSE_KEY: 'hunter2',
      GATEHOUSE_ADMIN_KEY: 'hunter2',
      ALLOW_PRIVATE_GITLAB: 'yes',
      CORS_ORIGINS: 'https://a.example/path',
      LOG_LEVEL: 'loud',
      READ_CACHE_TTL: 'PT0S',
      READ_CACHE_ROWS: '0',
      GRANT_MAX_DURATION: 'P1M',
      GRANT_ACTIVATION_TTL: 'PT0S',
      GRANT_STANDING: 'maybe',
      EXTRACTION_KEEP: 'PT1H',
    };
    const faults = faultsOf(bad);
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(Object.keys(bad).sort());
    expect(faults.join('\n')).not.toContain('hunter2');
    for (const fault of faults) expect(fault).toMatch(/write|Write/);
  });

  it('the operator is warned of a gateway that others can reach, and of a key that several gateways would have to share', () => {
    expect(configWarnings(loadConfig({}))).toEqual([]);
    expect(configWarnings(loadConfig({ HOST: '0.0.0.0', DATABASE_URL: 'postgres://db/x' }))).toEqual([
      expect.stringContaining('https'),
      expect.stringContaining('GATEHOUSE_KEY'),
    ]);
  });
});
