import type { Face } from './content.ts';

/** The part of pdf.js's font object that says something about the face. */
export interface FontFacts {
  name?: string;
  bold?: boolean;
  black?: boolean;
  italic?: boolean;
  isMonospace?: boolean;
  vertical?: boolean;
  fontMatrix?: ArrayLike<number>;
}

/** Subset prefix (ISO 32000-2, section 9.9.2). */
const PREFIX = /^[A-Z]{6}\+/;

/** Names of bold faces, with the Computer Modern family's `BX` (bold extended). */
const BOLD = /bold|black|heavy|semibold|demi(?!\w*light)|[-_,]b(?:d|$)|^(?:CM|SF)BX|^LMRoman.*-Bold|-Md$|medium/i;
const ITALIC = /italic|oblique|slanted|^(?:CM|SF)TI\d|^CMSL|[-_,]it$/i;
const MONOSPACED =
  /mono(?!type)|courier|consolas|menlo|typewriter|^(?:CM|SF)TT\d|source\s?code|inconsolata|lucida\s?console/i;
const MATH = /^(?:CMMI|CMSY|CMEX|MSAM|MSBM|EUSM|EUFM|rsfs|wasy)\d|math|^STIX.*Sym/i;

export function faceOf(facts: FontFacts | undefined): Face {
  const name = (facts?.name ?? '').replace(PREFIX, '');
  return {
    name,
    bold: facts?.bold === true || facts?.black === true || BOLD.test(name),
    italic: facts?.italic === true || ITALIC.test(name),
    monospaced: MONOSPACED.test(name),
    math: MATH.test(name),
  };
}
