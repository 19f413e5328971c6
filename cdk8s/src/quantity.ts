const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const shape = /^([+-]?[0-9.]+)(?:[eE]([+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i))?$/;

/**
 * The number that a quantity stands for, in cores or bytes; exact enough to compare.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 * @throws Error when it is not a quantity
 */
export function parseQuantity(quantity: string | number): number {
  const match = shape.exec(String(quantity));
  if (match === null) throw new Error(`not a quantity: ${quantity}`);
  const [, digits = '', exponent, suffix = ''] = match;
  return Number(digits) * (exponent === undefined ? (factors[suffix] ?? 1) : 10 ** Number(exponent));
}

/** The larger of two quantities, as it was written. */
export function maxQuantity(a: string, b: string): string {
  return parseQuantity(a) >= parseQuantity(b) ? a : b;
}

/** The smaller of two quantities, as it was written. */
export function minQuantity(a: string, b: string): string {
  return parseQuantity(a) <= parseQuantity(b) ? a : b;
}

/** Whole mebibytes of a share of `quantity`, at least one. */
export function shareInMebibytes(quantity: string, share: number): number {
  return Math.max(1, Math.floor((parseQuantity(quantity) * share) / 2 ** 20));
}
