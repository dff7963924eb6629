import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { askDesk } from './desk.ts';

export type TestDatabase = { url: string; drop(): Promise<void> };

/**
 * A fresh, empty database on a real PostgreSQL: on the run's own server (started by the first call), or on the server at
 * GATEHOUSE_TEST_DATABASE_URL. Drop it when the test is done; with the run's own server it goes at the end anyway.
 */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `drop database if exists ${name} with (force)`) };
}

async function serverUrl(): Promise<string> {
  return process.env['GATEHOUSE_TEST_DATABASE_URL'] ?? askDesk('/postgres');
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
