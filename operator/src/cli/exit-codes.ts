/** What the tool's exit code means, for every command. */
export const exitCodes = {
  /** Done; of `plan`: applying would change nothing. */
  ok: 0,
  /** It could not be done: wrong usage, refused by the API server, no connection. */
  failed: 1,
  /** Of `plan` alone: applying would change something. */
  changes: 2,
  /** Of what waits: the deadline passed first. What was begun goes on. */
  timeout: 3,
  /** Of what waits: the platform cannot become what was asked without somebody's help, or went back to what worked. */
  stalled: 4,
  /** Interrupted with Ctrl-C. What was begun goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
