import type { FormatName } from './formats.ts';
import { readers, writers } from './registry.ts';

/**
 * How much of a document survives a conversion: everything that the source can say; its structure with small
 * losses; its content without some structure; only its words; or only its tables.
 */
export type Fidelity = 'lossless' | 'structure' | 'content' | 'text' | 'tables';

export interface ConversionEdge {
  from: FormatName;
  to: FormatName;
  fidelity: Fidelity;
}

interface Rule {
  from: readonly FormatName[];
  to: readonly FormatName[];
  fidelity: Fidelity;
}

const ANY = Object.keys(readers) as FormatName[];
const TARGETS = Object.keys(writers) as FormatName[];

/** The first that fits counts. */
const RULES: readonly Rule[] = [
  { from: ['txt'], to: ['txt'], fidelity: 'lossless' },
  { from: ANY, to: ['txt'], fidelity: 'text' },
  { from: ['csv', 'tsv', 'xlsx'], to: ['csv'], fidelity: 'lossless' },
  { from: ANY, to: ['csv'], fidelity: 'tables' },
  { from: ['json'], to: ['json'], fidelity: 'lossless' },
  { from: ['md'], to: ['md', 'html', 'json'], fidelity: 'lossless' },
  // The structure of a PDF is worked out from how it looks.
  { from: ['pdf'], to: TARGETS, fidelity: 'content' },
  { from: ANY, to: TARGETS, fidelity: 'structure' },
];

/** Every way from one format to another. */
export const conversionGraph: readonly ConversionEdge[] = ANY.flatMap((from) =>
  TARGETS.map((to) => ({ from, to, fidelity: fidelityOf(from, to) })),
);

function fidelityOf(from: FormatName, to: FormatName): Fidelity {
  return RULES.find((rule) => rule.from.includes(from) && rule.to.includes(to))?.fidelity ?? 'content';
}
