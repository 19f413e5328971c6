import type { Inline } from '../../document/inline.ts';
import type { LinkTarget } from '../../document/runs.ts';
import type { Pieces } from './pieces.ts';
import type { Story } from './story.ts';
import type { Style } from './styles.ts';

/** Where inline content is being read: into what, and what surrounds it. */
export interface InlineScope {
  story: Story;
  pieces: Pieces;
  paragraphStyle: readonly Style[];
  link?: LinkTarget | undefined;
}

/** Adds content that has no formatting of its own. */
export function emit(content: Inline, { pieces, link }: InlineScope): void {
  pieces.run({ content, marks: [], link });
}
