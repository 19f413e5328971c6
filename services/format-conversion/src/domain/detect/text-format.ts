import type { FormatName } from '../formats.ts';
import { parseFields, sniffDelimiter } from '../readers/csv/delimiter.ts';

export interface TextFinding {
  format: FormatName;
  /** 0 to 1: how much of the text speaks for it. */
  confidence: number;
}

const SAMPLE_CHARACTERS = 64 * 1024;
const HTML =
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|table|h[1-6]|ul|ol|article|section|main|meta|span|a|br|img)\b/i;

/** Lines and spans that only Markdown's authors write, each with what it speaks for. */
const MARKDOWN: readonly (readonly [RegExp, number])[] = [
  [/^#{1,6} \S/m, 0.6],
  [/^(```|~~~)/m, 0.5],
  [/^\|.*\|[ \t]*\r?\n\|[ :|-]+\|/m, 0.8],
  [/\[[^\]\n]+\]\([^)\s]+\)/, 0.5],
  [/^[-*+] \S.*\r?\n[-*+] \S/m, 0.3],
  [/^\d+\. \S.*\r?\n\d+\. \S/m, 0.2],
  [/\*\*\S[^*\n]*\*\*|__\S[^_\n]*__/, 0.3],
  [/`[^`\n]+`/, 0.2],
  [/^> \S/m, 0.2],
  [/^---\r?\n[\s\S]*?\r?\n---\r?\n/, 0.4],
  [/^.+\r?\n(=+|-{3,})[ \t]*$/m, 0.4],
];

/** Which textual format a text is written in; plain text when nothing speaks for another. */
export function sniffText(text: string): TextFinding {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  if (isJson(text)) return { format: 'json', confidence: 1 };
  if (HTML.test(sample)) return { format: 'html', confidence: 0.95 };
  const markdown = MARKDOWN.reduce((sum, [pattern, weight]) => sum + (pattern.test(sample) ? weight : 0), 0);
  const separated = sniffSeparated(sample);
  if (separated.confidence >= 0.75 && markdown < 0.6) return separated;
  if (markdown >= 0.5) return { format: 'md', confidence: Math.min(0.95, 0.5 + markdown / 3) };
  return { format: 'txt', confidence: separated.confidence > 0.5 || markdown > 0 ? 0.5 : 0.8 };
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Rows most of which agree on their number of fields, and whose fields are short. */
function sniffSeparated(sample: string): TextFinding {
  const delimiter = sniffDelimiter(sample);
  const format = delimiter === '\t' ? 'tsv' : 'csv';
  const rows = parseFields(sample, delimiter, 100);
  if (rows.length < 2 || rows.some((row) => row.length < 2)) return { format, confidence: 0 };
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const agreeing = Math.max(...counts.values()) / rows.length;
  const words = rows.flat().map((field) => field.trim().split(/\s+/).length);
  const prose = words.filter((count) => count > 12).length / words.length;
  return { format, confidence: agreeing * (1 - prose) };
}
