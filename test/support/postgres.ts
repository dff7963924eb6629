import { randomBytes } from 'node:crypto';
import pg from 'pg';

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
  const given = process.env['GATEHOUSE_TEST_DATABASE_URL'];
  if (given !== undefined) return given;
  const desk = process.env['GATEHOUSE_TEST_POSTGRES'];
  if (desk === undefined) throw new Error('Run the tests through jest.config.js: its global setup serves PostgreSQL.');
  const response = await fetch(desk);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
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
