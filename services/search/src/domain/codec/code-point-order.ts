/**
 * Compares by code point, the order of UTF-8 bytes in which dictionaries are kept. JavaScript compares UTF-16
 * units, where surrogates (characters beyond the basic plane) sort before U+E000 to U+FFFF.
 */
export function compareCodePoints(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  for (let i = 0; i < limit; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
