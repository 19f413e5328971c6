import MarkdownIt from 'markdown-it';

const parser = new MarkdownIt('commonmark').enable(['table', 'strikethrough']);

/** The block structure of Markdown, one line a block, containers by indentation. */
export function blockShapes(markdown: string): string[] {
  let depth = 0;
  const shapes: string[] = [];
  for (const token of parser.parse(markdown, {})) {
    if (token.nesting < 0) depth -= 1;
    if (token.block && token.nesting >= 0 && token.type !== 'inline' && !token.hidden)
      shapes.push(`${' '.repeat(depth)}${token.type}:${token.tag}`);
    if (token.nesting > 0) depth += 1;
  }
  return shapes;
}

/** Share of the blocks that both have in the same order (longest common subsequence over the longer list). */
export function shapeOverlap(one: readonly string[], other: readonly string[]): number {
  let previous = new Array<number>(other.length + 1).fill(0);
  for (const left of one) {
    const current = [0];
    other.forEach((right, index) => {
      const both = left === right ? at(previous, index) + 1 : 0;
      current.push(Math.max(both, at(previous, index + 1), at(current, index)));
    });
    previous = current;
  }
  return at(previous, other.length) / Math.max(one.length, other.length, 1);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
