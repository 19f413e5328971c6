import { cell, paragraph, type Block } from '../document/block.ts';
import { text } from '../document/inline.ts';
import { child, descendants, textOf, type XmlElement } from '../xml/element.ts';

/**
 * The values that a chart shows, from the cache that every chart part carries (ECMA-376 part 1, section 21.2):
 * its title, and a table with one row a category and one column a series.
 */
export function readChart(chart: XmlElement | undefined): Block[] {
  const series = descendants(child(chart, 'c:plotArea'), 'c:ser');
  const title = descendants(child(chart, 'c:title'), 'a:t').map(textOf).join('');
  const heading = title.trim() === '' ? [] : [paragraph([text(title.trim())])];
  if (series.length === 0) return heading;
  const categories = points(child(series[0], 'c:cat') ?? child(series[0], 'c:xVal'));
  const columns = series.map((one) => ({
    name: textOf(descendants(child(one, 'c:tx'), 'c:v')[0]),
    values: points(child(one, 'c:val') ?? child(one, 'c:yVal')),
  }));
  const count = Math.max(categories.length, ...columns.map(({ values }) => values.length));
  const rows = Array.from({ length: count }, (_, index) => [
    categories[index] ?? '',
    ...columns.map(({ values }) => values[index] ?? ''),
  ]);
  return [...heading, tableOf([['', ...columns.map(({ name }) => name)], ...rows])];
}

/** Cached points in the order of their indexes; gaps stay empty. */
function points(source: XmlElement | undefined): string[] {
  const values: string[] = [];
  for (const point of descendants(source, 'c:pt')) {
    const index = Number(point.attributes['idx']);
    if (index >= 0 && index < 100_000) values[index] = pointText(textOf(child(point, 'c:v')));
  }
  return Array.from(values, (value) => value ?? '');
}

/** Numbers are cached as shortest doubles or with noise in the last digit; 15 digits are what an editor shows. */
function pointText(value: string): string {
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) ? String(Number(number.toPrecision(15))) : value;
}

function tableOf(rows: readonly string[][]): Block {
  const cells = rows.map((row, index) => ({
    cells: row.map((value) => cell(value === '' ? [] : [paragraph([text(value)])], index === 0)),
  }));
  return { type: 'table', caption: [], rows: cells, headerRows: 1, alignments: [] };
}
