import type { Block } from '../../document/block.ts';
import type { Run } from '../../document/runs.ts';

/** What a paragraph holds, in order: stretches of runs, and blocks that stand between them (text boxes, formulas). */
export type Piece = { kind: 'runs'; runs: Run[] } | { kind: 'block'; block: Block };

export class Pieces {
  readonly #pieces: Piece[] = [];
  /** Whether all letters so far were set in a typewriter face. */
  monospaced: boolean | undefined = undefined;

  run(run: Run): void {
    const last = this.#pieces.at(-1);
    if (last?.kind === 'runs') last.runs.push(run);
    else this.#pieces.push({ kind: 'runs', runs: [run] });
  }

  block(block: Block): void {
    this.#pieces.push({ kind: 'block', block });
  }

  list(): readonly Piece[] {
    return this.#pieces;
  }
}
