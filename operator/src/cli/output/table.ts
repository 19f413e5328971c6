/** Rows in columns as kubectl prints them: three spaces between, nothing after the last. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    header.map((_, column) => (row[column] ?? '').padEnd(widths[column] ?? 0)).join('   ').trimEnd(); // prettier-ignore
  return `${all.map(line).join('\n')}\n`;
}
