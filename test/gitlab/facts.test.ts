import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../', import.meta.url);

function sectionNames(): string[] {
  const headings = readFileSync(new URL('docs/gitlab.md', ROOT), 'utf8').match(/^#{2,3} .*$/gm) ?? [];
  return headings.flatMap((heading) =>
    heading
      .replace(/^#+ /, '')
      .split(' · ')
      .map((name) => name.toLowerCase()),
  );
}

/** Every `docs/gitlab.md §…` in the sources, with comments' line breaks undone. */
function citations(): { file: string; cited: string }[] {
  return ['src', 'sandbox'].flatMap((folder) => {
    const files = readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const text = readFileSync(new URL(`${folder}/${file}`, ROOT), 'utf8').replace(/\n\s*(\*|\/\/)\s*/g, ' ');
        return [...text.matchAll(/docs\/gitlab\.md\s+§([^)"\n]+)/g)].map((match) => ({
          file: `${folder}/${file}`,
          cited: (match[1] ?? '').toLowerCase(),
        }));
      });
  });
}

describe('facts about GitLab', () => {
  it('that code cites are written down', () => {
    const names = sectionNames();
    const unknown = citations().filter(({ cited }) => !names.some((name) => cited.startsWith(name)));
    expect(unknown).toEqual([]);
  });
});
