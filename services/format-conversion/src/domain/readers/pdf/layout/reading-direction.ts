/** Letters of scripts that are written from right to left (Hebrew to Arabic Extended, and presentation forms). */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
const LEFT_TO_RIGHT = /[\p{L}\p{N}]/u;

export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** Whether most letters of the text are written from right to left. */
export function readsRightToLeft(text: string): boolean {
  let balance = 0;
  for (const character of text) {
    if (RIGHT_TO_LEFT.test(character)) balance += 1;
    else if (LEFT_TO_RIGHT.test(character)) balance -= 1;
  }
  return balance > 0;
}

/**
 * Puts pieces that stand from left to right on the page into reading order for a right-to-left line: the
 * reverse, but with each stretch of left-to-right pieces (a Latin name, a number) kept in its own order. This
 * inverts rule L2 of the bidirectional algorithm (UAX 9) for the two levels that occur in documents.
 */
export function logicalOrder<T>(visual: readonly T[], textOf: (piece: T) => string): T[] {
  const ordered: T[] = [];
  let stretch: T[] = [];
  for (const piece of [...visual].reverse()) {
    const text = textOf(piece);
    if (!isRightToLeft(text) && LEFT_TO_RIGHT.test(text)) {
      stretch.unshift(piece);
      continue;
    }
    ordered.push(...stretch, piece);
    stretch = [];
  }
  return [...ordered, ...stretch];
}
