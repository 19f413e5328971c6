/** Powers of the suffixes of resource.Quantity, as [base, exponent]. */
const suffixes: Readonly<Record<string, readonly [number, number]>> = {
  n: [10, -9],
  u: [10, -6],
  m: [10, -3],
  '': [10, 0],
  k: [10, 3],
  M: [10, 6],
  G: [10, 9],
  T: [10, 12],
  P: [10, 15],
  E: [10, 18],
  Ki: [2, 10],
  Mi: [2, 20],
  Gi: [2, 30],
  Ti: [2, 40],
  Pi: [2, 50],
  Ei: [2, 60],
};

const pattern =
  /^(?<sign>[+-]?)(?<whole>\d*)\.?(?<fraction>\d*)(?:(?<exponent>[eE][+-]?\d+)|(?<suffix>[numkMGTPE]|[KMGTPE]i)?)$/;

// The API server keeps nano precision and rounds up what is finer.
const nanoDigits = 9;

/**
 * Whether two resource.Quantity texts mean the same number: the API server stores `1000m` as `1` and `1024Mi` as `1Gi`,
 * and a comparison of texts would repair that for ever.
 */
export function isSameQuantity(a: string | number, b: string | number): boolean {
  const [left, right] = [parseNano(String(a)), parseNano(String(b))];
  return left !== undefined && left === right;
}

/** The quantity in units of 10⁻⁹, exactly; undefined when the text is none. */
function parseNano(text: string): bigint | undefined {
  const { sign, whole = '', fraction = '', exponent, suffix } = pattern.exec(text)?.groups ?? {};
  if (whole + fraction === '') return undefined;
  const [base, power] = exponent ? [10, Number(exponent.slice(1))] : multiplier(suffix ?? '');
  const digits = BigInt(whole + fraction);
  const places = nanoDigits - fraction.length;
  const nano = base === 2 ? scale(digits * 2n ** BigInt(power), places) : scale(digits, places + power);
  return sign === '-' ? -nano : nano;
}

function multiplier(suffix: string): readonly [number, number] {
  return suffixes[suffix] ?? [10, 0];
}

function scale(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor;
}
