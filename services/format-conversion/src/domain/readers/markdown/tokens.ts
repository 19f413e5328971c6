import type { Token } from 'markdown-it';

/** A token with what stands between it and its closing token. */
export interface Node {
  token: Token;
  children: Node[];
}

/** Folds markdown-it's flat list of opening and closing tokens into a tree. */
export function tokenTree(tokens: readonly Token[]): Node[] {
  const root: Node[] = [];
  const stack: Node[][] = [root];
  for (const token of tokens) {
    if (token.nesting < 0) {
      stack.pop();
      continue;
    }
    const node: Node = { token, children: [] };
    stack.at(-1)?.push(node);
    if (token.nesting > 0) stack.push(node.children);
  }
  return root;
}
