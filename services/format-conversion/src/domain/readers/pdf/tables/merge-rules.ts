import type { Rule } from '../page/content.ts';

/** Rules closer than this are one; ends farther apart than this do not meet. In points. */
export const TOLERANCE = 3;

/** Joins pieces of one line: producers draw borders cell by cell. */
export function mergeRules(rules: readonly Rule[]): Rule[] {
  const merged: Rule[] = [];
  const sorted = [...rules].sort(
    (a, b) => Number(a.horizontal) - Number(b.horizontal) || a.at - b.at || a.from - b.from,
  );
  for (const rule of sorted) {
    const same = merged.findLast(
      (other) =>
        other.horizontal === rule.horizontal &&
        Math.abs(other.at - rule.at) < 1.5 &&
        rule.from <= other.to + TOLERANCE &&
        rule.to >= other.from - TOLERANCE,
    );
    if (same) {
      same.from = Math.min(same.from, rule.from);
      same.to = Math.max(same.to, rule.to);
    } else merged.push({ ...rule });
  }
  return merged;
}

/** Groups rules that touch, directly or through others. */
export function connectedRules(rules: readonly Rule[]): Rule[][] {
  const groupOf = rules.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (groupOf[root] !== root) root = groupOf[root] ?? root;
    groupOf[index] = root;
    return root;
  };
  rules.forEach((one, i) => {
    rules.slice(i + 1).forEach((other, j) => {
      if (meet(one, other)) groupOf[find(i)] = find(i + 1 + j);
    });
  });
  const groups = new Map<number, Rule[]>();
  rules.forEach((rule, index) => groups.set(find(index), [...(groups.get(find(index)) ?? []), rule]));
  return [...groups.values()];
}

function meet(one: Rule, other: Rule): boolean {
  if (one.horizontal === other.horizontal) return false;
  const within = (at: number, rule: Rule): boolean => at >= rule.from - TOLERANCE && at <= rule.to + TOLERANCE;
  return within(one.at, other) && within(other.at, one);
}
