/** Says on a terminal how far something is, on one line that is rewritten; says nothing elsewhere. */
export function sayProgress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`);
}

/** Takes the line away. */
export function endProgress(): void {
  sayProgress('');
}
