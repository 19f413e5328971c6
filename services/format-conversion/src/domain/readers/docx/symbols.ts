/** Characters of the Symbol and Wingdings fonts that occur in running text, by code in those fonts. */
const SYMBOL: Readonly<Record<number, string>> = {
  0x61: 'α', 0x62: 'β', 0x63: 'χ', 0x64: 'δ', 0x65: 'ε', 0x66: 'φ', 0x67: 'γ', 0x68: 'η', 0x69: 'ι', 0x6b: 'κ', 0x6c: 'λ', 0x6d: 'μ',
  0x6e: 'ν', 0x70: 'π', 0x71: 'θ', 0x72: 'ρ', 0x73: 'σ', 0x74: 'τ', 0x77: 'ω', 0x78: 'ξ', 0x79: 'ψ', 0x7a: 'ζ', 0x44: 'Δ', 0x46: 'Φ',
  0x47: 'Γ', 0x4c: 'Λ', 0x50: 'Π', 0x51: 'Θ', 0x53: 'Σ', 0x57: 'Ω', 0xa3: '≤', 0xb3: '≥', 0xb1: '±', 0xb4: '×', 0xb8: '÷', 0xb9: '≠',
  0xbb: '≈', 0xa5: '∞', 0xae: '→', 0xac: '←', 0xad: '↑', 0xaf: '↓', 0xb0: '°', 0xb7: '•', 0xd6: '√', 0xe5: '∑', 0xf2: '∫', 0xce: '∈',
}; // prettier-ignore

const WINGDINGS: Readonly<Record<number, string>> = {
  0xfc: '✓', 0xfb: '✗', 0xfe: '☑', 0xfd: '☒', 0xa8: '☐', 0x6f: '☐', 0x6e: '■', 0xa7: '▪', 0x6c: '●', 0xd8: '➢', 0xe0: '→', 0xdf: '←',
  0xe8: '➔', 0x4a: '☺', 0x4c: '☹', 0x28: '☎', 0x2a: '✉', 0x71: '❑', 0x76: '❖', 0xab: '★',
}; // prettier-ignore

/**
 * The Unicode text of a `w:sym`. Symbol fonts keep their characters in the private use area at F000
 * (ECMA-376 part 1, section 17.3.3.30).
 */
export function symbolText(font = '', code = ''): string {
  const value = Number.parseInt(code, 16);
  if (Number.isNaN(value)) return '';
  const isPrivate = value >= 0xf000 && value <= 0xf0ff;
  const table = tableOf(font);
  if (!table) return isPrivate ? String.fromCharCode(value - 0xf000) : String.fromCodePoint(value);
  return table[isPrivate ? value - 0xf000 : value] ?? '•';
}

function tableOf(font: string): Readonly<Record<number, string>> | undefined {
  if (/wingdings/i.test(font)) return WINGDINGS;
  return /symbol/i.test(font) ? SYMBOL : undefined;
}
