/**
 * The same value in another order: the keys of every object and the lists whose order means nothing, turned round.
 */
export function shuffled<T>(value: T): T {
  return turn(value, '') as T;
}

/** Lists that are sets or maps by a key in the schema, or of which Kubernetes ignores the order. */
const unordered = new Set([
  'env',
  'tolerations',
  'pullSecrets',
  'allowedOrigins',
  'networks',
  'gatewayFrom',
  'metricsFrom',
]);

function turn(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => turn(item, ''));
    return unordered.has(key) ? items.toReversed() : items;
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, field]): [string, unknown] => [name, turn(field, name)]);
  return Object.fromEntries(entries.toReversed());
}
