import type { WriteStream } from 'node:tty';

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
