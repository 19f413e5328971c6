import type { CliConfig } from './config.ts';

/** Where the tool's words go and where its answers come from. */
export interface Io {
  readonly config: CliConfig;
  /** Standard output: results. */
  out(text: string): void;
  /** Standard error: progress, notices, errors. */
  err(text: string): void;
  /** Whether both ends are a terminal, so that somebody sees what moves and can answer. */
  readonly terminal: {
    readonly output: boolean;
    readonly input: boolean;
    readonly columns: number;
    readonly rows: number;
  };
  /** Everything on standard input. */
  readInput(): Promise<string>;
  /** One line from the person at the terminal. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}
