import type { Route, Target } from './route-book.ts';

/** What is known of targets when their order is decided. */
export interface TargetKnowledge {
  /** Price of a request of usual size, for comparison; unknown ones come last. */
  costOf(target: Target): number | undefined;
  /** Smoothed time until the first answer, in milliseconds; unknown ones come first, so that they become known. */
  latencyOf(target: Target): number | undefined;
  /** From 0 to 1. */
  random(): number;
}

/** The order in which the targets of a route are asked. */
export function targetOrder({ targets, strategy }: Route, knowledge: TargetKnowledge): readonly Target[] {
  if (targets.length === 1) return targets;
  switch (strategy) {
    case 'order':
      return targets;
    case 'weight':
      return byWeight(targets, () => knowledge.random());
    case 'cost':
      return by(targets, (target) => knowledge.costOf(target) ?? Infinity);
    case 'latency':
      return by(targets, (target) => knowledge.latencyOf(target) ?? 0);
  }
}

function by(targets: readonly Target[], measure: (target: Target) => number): Target[] {
  return targets.toSorted((a, b) => {
    const [left, right] = [measure(a), measure(b)];
    return left === right ? 0 : left - right;
  });
}

/** The first by lot in proportion to the weights, the next likewise among the rest; weight 0 only after all others. */
function byWeight(targets: readonly Target[], random: () => number): Target[] {
  const left = [...targets];
  const order: Target[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    let lot = random() * total;
    let index = left.findIndex(({ weight }) => {
      lot -= weight;
      return lot < 0;
    });
    if (index < 0) index = 0;
    order.push(...left.splice(index, 1));
  }
  return order;
}
