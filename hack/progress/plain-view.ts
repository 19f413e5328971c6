import { formatDuration } from './duration.ts';
import type { Output, View } from './view.ts';

/** Writes one line when a step starts, says something new, or ends; no colour, no cursor movement. */
export function createPlainView(output: Output): View {
  const line = (name: string, text: string): void => {
    output.write(`${name}: ${text}\n`);
  };
  return {
    start: (name) => {
      const started = performance.now();
      const elapsed = (): string => formatDuration((performance.now() - started) / 1000);
      let last = '';
      return {
        say: (what) => {
          // Details like each module downloaded differ in one word; a log needs the kind of work only once.
          const [kind = ''] = what.split(' ');
          if (kind !== last) line(name, what);
          last = kind;
        },
        announce: (what) => {
          line(name, what);
        },
        done: () => {
          line(name, `done in ${elapsed()}`);
        },
        failed: () => {
          line(name, `failed after ${elapsed()}`);
        },
      };
    },
    close: () => undefined,
  };
}
