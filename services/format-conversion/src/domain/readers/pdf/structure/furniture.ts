import type { Line } from '../layout/line.ts';
import type { FlowElement, PageFlow } from '../layout/page-flow.ts';

/** Running heads and feet stand within this part of the page's height from its edges. */
const MARGIN = 0.14;
const PAGE_NUMBER = /^[-–—|\s]*(?:page|seite|p\.)?\s*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|von|\/)\s*\d{1,4})?[-–—|\s]*$/i;

/**
 * Takes away what repeats on pages: lines at the edge whose words (digits aside) stand on several pages, and
 * page numbers. Returns how many lines went.
 */
export function removeFurniture(pages: readonly PageFlow[], bodySize: number): number {
  const repeated = repeatedTexts(pages);
  let removed = 0;
  for (const page of pages) {
    const edges = edgeLines(page);
    const isFurniture = (element: FlowElement): boolean =>
      element.kind === 'line' &&
      edges.includes(element) &&
      (repeated.has(keyOf(element, page)) || isLonePageNumber(element, page) || isRunningHead(element, page, bodySize));
    const drop = new Set(page.regions.flat().filter(isFurniture));
    removed += drop.size;
    page.regions = page.regions.map((region) => region.filter((element) => !drop.has(element)));
  }
  return removed;
}

function edgeLines(page: PageFlow): Line[] {
  return linesIn(page).filter((line) => line.bottom < MARGIN * page.height || line.top > (1 - MARGIN) * page.height);
}

function linesIn(page: PageFlow): Line[] {
  return page.regions.flat().filter((element) => element.kind === 'line');
}

/** Texts that stand at about the same height on at least three pages, or on both pages of two. */
function repeatedTexts(pages: readonly PageFlow[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const page of pages) {
    for (const key of new Set(edgeLines(page).map((line) => keyOf(line, page))))
      counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const enough = pages.length === 2 ? 2 : Math.max(3, Math.min(5, pages.length / 3));
  return new Set([...counts].filter(([, count]) => pages.length > 1 && count >= enough).map(([key]) => key));
}

function keyOf(line: Line, page: PageFlow): string {
  const place = Math.round((line.baseline / page.height) * 50);
  return `${place}/${line.text.replace(/\d+/g, '0').replace(/\s+/g, ' ').trim().toLowerCase()}`;
}

function isLonePageNumber(line: Line, page: PageFlow): boolean {
  if (!PAGE_NUMBER.test(line.text)) return false;
  const lines = linesIn(page);
  return line.top < MARGIN * page.height
    ? lines.every((other) => other.top >= line.top - 2)
    : lines.every((other) => other.bottom <= line.bottom + 2);
}

/** On a single page: the outermost line, in smaller type, apart from the text, with a number at one end. */
function isRunningHead(line: Line, page: PageFlow, bodySize: number): boolean {
  if (line.segments.length < 2 || line.size > bodySize * 0.97) return false;
  const ends = [line.segments[0], line.segments.at(-1)];
  if (!ends.some((segment) => segment !== undefined && /^\d{1,4}$/.test(segment.text.trim()))) return false;
  const others = linesIn(page).filter((other) => other !== line);
  const [above, below] = [
    others.filter((other) => other.baseline < line.baseline),
    others.filter((other) => other.baseline > line.baseline),
  ];
  if (above.length > 0 && below.length > 0) return false;
  const distance = Math.min(...others.map((other) => Math.max(other.top - line.bottom, line.top - other.bottom)));
  return distance > line.size;
}
