import { median } from '../layout/box.ts';
import type { Line } from '../layout/line.ts';
import type { PageFlow } from '../layout/page-flow.ts';
import type { TextRun } from '../layout/segment.ts';

/** How most of the document's text is set. */
export interface BodyStyle {
  size: number;
  bold: boolean;
  italic: boolean;
  /** Distance between baselines over the size. */
  leading: number;
}

export function bodyStyle(pages: readonly PageFlow[]): BodyStyle {
  const weights = new Map<string, number>();
  const leadings: number[] = [];
  for (const region of pages.flatMap((page) => page.regions)) {
    let previous: Line | undefined;
    for (const element of region) {
      if (element.kind !== 'line') continue;
      const key = styleKey(element);
      weights.set(key, (weights.get(key) ?? 0) + element.text.length);
      if (previous && previous.size === element.size)
        leadings.push((element.baseline - previous.baseline) / element.size);
      previous = element;
    }
  }
  const [best] = [...weights].reduce((left, right) => (right[1] > left[1] ? right : left), ['10/false/false', 0]);
  const [size, bold, italic] = best.split('/');
  const usual = leadings.filter((leading) => leading > 0.8 && leading < 2.5);
  return {
    size: Number(size),
    bold: bold === 'true',
    italic: italic === 'true',
    leading: usual.length > 0 ? median(usual) : 1.2,
  };
}

function styleKey(line: Line): string {
  return `${Math.round(line.size * 2) / 2}/${isWholly(line, 'bold')}/${isWholly(line, 'italic')}`;
}

/** Whether (nearly) all letters of the line have the trait. */
export function isWholly(
  line: { runs: readonly TextRun[] },
  trait: 'bold' | 'italic' | 'monospaced' | 'math',
): boolean {
  const [having, all] = line.runs.reduce(
    ([with_, total], run) => {
      const letters = run.text.replace(/[\s\p{P}\d]/gu, '').length;
      return [with_ + (run.face[trait] ? letters : 0), total + letters];
    },
    [0, 0],
  );
  return all > 0 ? having / all > 0.9 : line.runs.every((run) => run.face[trait]);
}
