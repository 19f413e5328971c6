import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { loadCliConfig } from './config.ts';
import type { Io } from './io.ts';

/** The process's own streams, and Ctrl-C. A second Ctrl-C ends the process at once. */
export function processIo(): Io {
  const { stdin, stdout, stderr } = process;
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interruption.abort(new Error('terminated')));
  // Whoever reads may have read enough: `genai-platform logs acme | head`.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  return {
    config: loadCliConfig(),
    out: (words) => void stdout.write(words),
    err: (words) => void stderr.write(words),
    terminal: { output: stdout.isTTY, input: stdin.isTTY, columns: stdout.columns, rows: stdout.rows },
    readInput: () => text(stdin),
    async ask(question, signal) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question, { signal });
      } finally {
        lines.close();
      }
    },
    signal: interruption.signal,
  };
}
