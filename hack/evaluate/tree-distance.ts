/** An ordered, labelled tree. */
export interface Tree<L> {
  label: L;
  children: Tree<L>[];
}

/** Cost between 0 and 1 of showing one label where the other is wanted. */
export type RenameCost<L> = (left: L, right: L) => number;

interface Flat<L> {
  labels: L[];
  /** Leftmost leaf of the subtree of each node, in postorder. */
  leftmost: number[];
  keyRoots: number[];
}

/** Tree edit distance with unit insertion and deletion (Zhang and Shasha 1989). */
export function treeDistance<L>(left: Tree<L>, right: Tree<L>, rename: RenameCost<L>): number {
  const [a, b] = [flatten(left), flatten(right)];
  const distances = a.labels.map(() => new Float64Array(b.labels.length));
  for (const i of a.keyRoots) for (const j of b.keyRoots) forestDistance(a, b, [i, j], { distances, rename });
  return distances.at(-1)?.at(-1) ?? Math.max(a.labels.length, b.labels.length);
}

export function treeSize<L>(tree: Tree<L>): number {
  return 1 + tree.children.reduce((sum, child) => sum + treeSize(child), 0);
}

/** One minus distance over the larger tree: the form in which TEDS (Zhong et al. 2020) is reported. */
export function treeSimilarity<L>(left: Tree<L>, right: Tree<L>, rename: RenameCost<L>): number {
  return Math.max(0, 1 - treeDistance(left, right, rename) / Math.max(treeSize(left), treeSize(right)));
}

function flatten<L>(root: Tree<L>): Flat<L> {
  const labels: L[] = [];
  const leftmost: number[] = [];
  const visit = (node: Tree<L>): number => {
    const leaves = node.children.map(visit);
    const own = labels.push(node.label) - 1;
    leftmost[own] = leaves[0] ?? own;
    return leftmost[own];
  };
  visit(root);
  const lastWith = new Map(leftmost.map((leaf, index) => [leaf, index]));
  return { labels, leftmost, keyRoots: [...lastWith.values()].sort((x, y) => x - y) };
}

function forestDistance<L>(
  a: Flat<L>,
  b: Flat<L>,
  [i, j]: [number, number],
  { distances, rename }: { distances: Float64Array[]; rename: RenameCost<L> },
): void {
  const [fromA, fromB] = [at(a.leftmost, i), at(b.leftmost, j)];
  const width = j - fromB + 2;
  const forest = Array.from({ length: i - fromA + 2 }, () => new Float64Array(width));
  const cell = (row: number, column: number): number => at(at(forest, row), column);
  for (let x = 1; x < forest.length; x += 1) at(forest, x)[0] = x;
  for (let y = 1; y < width; y += 1) at(forest, 0)[y] = y;
  for (let x = 1; x < forest.length; x += 1) {
    for (let y = 1; y < width; y += 1) {
      const [nodeA, nodeB] = [fromA + x - 1, fromB + y - 1];
      const edge = Math.min(cell(x - 1, y), cell(x, y - 1)) + 1;
      const whole = at(a.leftmost, nodeA) === fromA && at(b.leftmost, nodeB) === fromB;
      const both = whole
        ? cell(x - 1, y - 1) + rename(at(a.labels, nodeA), at(b.labels, nodeB))
        : cell(at(a.leftmost, nodeA) - fromA, at(b.leftmost, nodeB) - fromB) + at(at(distances, nodeA), nodeB);
      at(forest, x)[y] = Math.min(edge, both);
      if (whole) at(distances, nodeA)[nodeB] = Math.min(edge, both);
    }
  }
}

function at<T>(list: ArrayLike<T>, index: number): T {
  return list[index] as T;
}
