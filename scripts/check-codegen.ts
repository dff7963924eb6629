import { readFile } from 'node:fs/promises';
import { generate } from '@graphql-codegen/cli';
import { z } from 'zod';
import config from '../codegen.ts';

const generatedSchema = z.array(z.object({ filename: z.string(), content: z.string() }));

/** Makes every generated file anew in memory and compares: exits 1, naming those that are not as their sources are. */
const made = generatedSchema.parse(await generate({ ...config, silent: true }, false));
const stale: string[] = [];
for (const { filename, content } of made) {
  const kept = await readFile(filename, 'utf8').catch(() => null);
  if (kept !== content) stale.push(filename);
}
if (stale.length > 0) {
  process.stderr.write(`Not current: ${stale.join(', ')}. Run npm run codegen, and commit what it changes.\n`);
  process.exitCode = 1;
}
