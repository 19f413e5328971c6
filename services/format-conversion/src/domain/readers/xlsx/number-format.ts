import { child, childrenNamed, type XmlElement } from '../../xml/element.ts';

/** What the number format of a cell makes of its value. */
export type NumberKind = 'number' | 'percent' | 'date' | 'time' | 'datetime';

/** Built-in formats of ECMA-376 part 1, section 18.8.30 that are not plain numbers. */
const BUILT_IN: Readonly<Record<number, NumberKind>> = {
  9: 'percent', 10: 'percent', 14: 'date', 15: 'date', 16: 'date', 17: 'date', 18: 'time', 19: 'time', 20: 'time', 21: 'time',
  22: 'datetime', 45: 'time', 46: 'time', 47: 'time', 27: 'date', 30: 'date', 36: 'date', 50: 'date', 57: 'date',
}; // prettier-ignore

/** The kind of number in each cell format of the styles part, by the index that cells carry. */
export function numberKinds(styles: XmlElement | undefined): NumberKind[] {
  const own = new Map(
    childrenNamed(child(styles, 'x:numFmts'), 'x:numFmt').map(({ attributes }) => [
      Number(attributes['numFmtId']),
      kindOfCode(attributes['formatCode'] ?? ''),
    ]),
  );
  return childrenNamed(child(styles, 'x:cellXfs'), 'x:xf').map(({ attributes }) => {
    const id = Number(attributes['numFmtId'] ?? 0);
    return own.get(id) ?? BUILT_IN[id] ?? 'number';
  });
}

function kindOfCode(code: string): NumberKind {
  // Quoted text, escaped characters, colours and locales are not codes.
  const bare = code.replace(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_./gi, '').split(';')[0] ?? '';
  if (bare.includes('%')) return 'percent';
  const date = /[yd]|m{3,}|(?<!h.*)m(?!.*s)/i.test(bare) && !/General/i.test(bare);
  const time = /h|s/i.test(bare.replace(/General/gi, ''));
  if (date && time) return 'datetime';
  return date ? 'date' : time ? 'time' : 'number';
}

const DAY_MS = 86_400_000;
/** Day 0 of the 1900 system, which counts a 29 February 1900 that never was (section 18.17.4.1), and of the 1904 one. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

/** A number as its format shows it, dates in ISO 8601. */
export function formatNumber(value: number, kind: NumberKind, date1904: boolean): string {
  if (kind === 'number' || !Number.isFinite(value)) return String(Number(value.toPrecision(15)));
  if (kind === 'percent') return `${Number((value * 100).toPrecision(12))}%`;
  const instant = new Date(Math.round(((date1904 ? EPOCH_1904 : EPOCH_1900) + value * DAY_MS) / 1_000) * 1_000);
  return Number.isNaN(instant.getTime()) ? String(value) : formatInstant(instant, kind);
}

function formatInstant(instant: Date, kind: NumberKind): string {
  const [date, time] = [instant.toISOString().slice(0, 10), instant.toISOString().slice(11, 19)];
  if (kind === 'time') return time;
  return kind === 'date' || time === '00:00:00' ? date : `${date} ${time}`;
}
