import type { WriteStream } from 'node:tty';
import { createLiveView } from './live-view.ts';
import { createPlainView } from './plain-view.ts';

/** Where the view is written: a terminal or something else. */
export type Output = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** How one running step is shown. */
export interface ShownStep {
  say(this: void, what: string): void;
  /** A line that stays. */
  announce(this: void, what: string): void;
  done(): void;
  failed(): void;
}

/** Shows what is going on. */
export interface View {
  start(name: string): ShownStep;
  close(): void;
}

/** A view that is kept up to date on a terminal, and one line per event elsewhere (a log, CI). */
export function createView(output: Output): View {
  // A terminal without cursor movement calls itself dumb.
  const live = output.isTTY === true && process.env['TERM'] !== 'dumb';
  return live ? createLiveView(output) : createPlainView(output);
}
