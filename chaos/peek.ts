import { PGlite } from '@electric-sql/pglite';
import { QUESTIONS } from './store.ts';

/** Prints what an embedded store answers to one of the harness's questions: `node chaos/peek.ts <folder> <question>`. */
const [folder, question] = process.argv.slice(2);
const known = Object.entries(QUESTIONS).find(([name]) => name === question);
if (folder === undefined || known === undefined) throw new Error('usage: node chaos/peek.ts <folder> <question>');
const store = await PGlite.create({ dataDir: folder });
const { rows } = await store.query(known[1]);
process.stdout.write(JSON.stringify(rows));
await store.close();
