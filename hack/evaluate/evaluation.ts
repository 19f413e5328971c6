/** Measures one service on public data. */
export interface Evaluation {
  /** Folder inside the data directory that must be there. */
  folder: string;
  /** Prints the figures, measured on the data in the given folder; with `verbose` also what each document scored. */
  run: (data: string, options: { verbose: boolean }) => Promise<void>;
}
