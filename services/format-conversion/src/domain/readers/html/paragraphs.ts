import type { Block } from '../../document/block.ts';
import { paragraph } from '../../document/block.ts';
import type { Inline } from '../../document/inline.ts';
import { nestRuns, type Run } from '../../document/runs.ts';

/** Collects runs and blocks in flow order; runs between two blocks become a paragraph. */
export class Flow {
  readonly #blocks: Block[] = [];
  #runs: Run[] = [];

  run(run: Run): void {
    this.#runs.push(run);
  }

  /** Ends the paragraph that is being collected. */
  end(): void {
    const children = this.takeInlines();
    if (children.length > 0) this.#blocks.push(paragraph(children));
  }

  block(block: Block): void {
    this.end();
    this.#blocks.push(block);
  }

  blocks(): Block[] {
    this.end();
    return this.#blocks;
  }

  /** The inlines collected since the last block. */
  takeInlines(): Inline[] {
    const runs = collapseSpace(this.#runs);
    this.#runs = [];
    return nestRuns(runs);
  }
}

/** Collapses white space over run boundaries, as CSS `white-space: normal` does (CSS Text 3, section 4.1). */
function collapseSpace(runs: readonly Run[]): Run[] {
  const collapsed: Run[] = [];
  let atSpace = true;
  for (const run of runs) {
    const { content } = run;
    if (content.type === 'break') trimEnd(collapsed);
    if (content.type !== 'text') {
      collapsed.push(run);
      atSpace = content.type === 'break';
      continue;
    }
    const squeezed = content.text.replace(/[ \t\n\r\f]+/g, ' ');
    const text = atSpace ? squeezed.replace(/^ /, '') : squeezed;
    if (text === '') continue;
    collapsed.push({ ...run, content: { type: 'text', text } });
    atSpace = text.endsWith(' ');
  }
  while (collapsed.at(-1)?.content.type === 'break') collapsed.pop();
  trimEnd(collapsed);
  return collapsed;
}

function trimEnd(runs: Run[]): void {
  const last = runs.at(-1);
  if (last?.content.type !== 'text') return;
  const text = last.content.text.replace(/ $/, '');
  if (text === '') runs.pop();
  else runs[runs.length - 1] = { ...last, content: { type: 'text', text } };
}
