/** Asks the run's desk (see `global-setup.ts`) for what is made once for all tests. */
export async function askDesk(what: '/postgres' | '/embedded'): Promise<string> {
  const desk = process.env['GATEHOUSE_TEST_DESK'];
  if (desk === undefined) throw new Error('Run the tests with jest.config.js: its global setup serves what they need.');
  const response = await fetch(`${desk}${what}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
