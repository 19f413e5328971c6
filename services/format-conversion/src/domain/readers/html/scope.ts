import type { Context } from '../../context.ts';
import type { Block } from '../../document/block.ts';
import type { Asset } from '../../document/document.ts';
import type { Mark } from '../../document/inline.ts';
import type { LinkTarget } from '../../document/runs.ts';
import type { Parent } from './dom.ts';
import { Flow } from './paragraphs.ts';

/** Formatting that text inherits from the elements around it. */
export interface Scope {
  context: Context;
  marks: readonly Mark[];
  link?: LinkTarget | undefined;
  code: boolean;
  /** Identifiers of elements that are footnote bodies. */
  noteIds: ReadonlySet<string>;
  baseUrl: string;
  /** Pictures that the page carries in itself. */
  assets: Record<string, Asset>;
  /** Reads what stands inside an element into a flow; handed down because reading is recursive. */
  walkChildren: (parent: Parent, scope: Scope, flow: Flow) => void;
}

/** Reads the content of an element as blocks. */
export function readBlocks(parent: Parent, scope: Scope): Block[] {
  const flow = new Flow();
  scope.walkChildren(parent, scope, flow);
  return flow.blocks();
}

export function withMarks(scope: Scope, marks: readonly Mark[]): Scope {
  return marks.length === 0 ? scope : { ...scope, marks: [...new Set([...scope.marks, ...marks])] };
}

/** An address as written, or absolute when the document's base is known. */
export function resolveUrl(url: string, { baseUrl }: Scope): string {
  const trimmed = url.trim();
  return baseUrl !== '' && URL.canParse(trimmed, baseUrl) ? new URL(trimmed, baseUrl).href : trimmed;
}
