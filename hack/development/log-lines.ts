import { styleText } from 'node:util';

/** Writes lines of one program, each with the program's name before it. */
export type LineWriter = (line: string) => void;

const colours = ['cyan', 'magenta', 'yellow', 'blue', 'green'] as const;

const levelColours: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  warn: 'yellow',
  error: 'red',
  fatal: 'red',
};

/** Said by every line of a program, or told already by the line's place. */
const known = new Set(['level', 'time', 'service', 'version', 'message', 'pid', 'hostname']);

/**
 * A writer for each of these programs. On a terminal the JSON of their logs becomes a line for a person, in the
 * program's colour; elsewhere lines pass as they are.
 */
export function lineWriters(names: readonly string[], output: NodeJS.WriteStream): (name: string) => LineWriter {
  const width = Math.max(...names.map((name) => name.length));
  return (name) => {
    const colour = colours[Math.max(names.indexOf(name), 0) % colours.length] ?? 'cyan';
    const label = output.isTTY ? styleText(colour, `${name.padEnd(width)} │`) : `${name.padEnd(width)} |`;
    return (line) => {
      output.write(`${label} ${output.isTTY ? readable(line) : line}\n`);
    };
  };
}

/** `12:03:04.567 INFO  request completed  status=200`, from a line of JSON; any other line stays as it is. */
export function readable(line: string): string {
  const entry = parseEntry(line);
  if (entry === undefined) return line;
  const { level, time, message } = entry;
  const clock = styleText('dim', text(time).slice(11, 23));
  const word = text(level).toUpperCase().padEnd(5);
  const fields = Object.entries(entry)
    .filter(([key]) => !known.has(key))
    .map(([key, value]) => `${styleText('dim', `${key}=`)}${text(value)}`);
  const colour = levelColours[text(level)];
  return [clock, colour === undefined ? word : styleText(colour, word), text(message), ...fields].join(' ');
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}
