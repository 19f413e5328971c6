import type { Mark } from '../../document/inline.ts';
import { attributeOf, type Element } from './dom.ts';

const MARKS: Readonly<Record<string, Mark>> = {
  b: 'strong',
  strong: 'strong',
  i: 'emphasis',
  em: 'emphasis',
  cite: 'emphasis',
  dfn: 'emphasis',
  var: 'emphasis',
  u: 'underline',
  ins: 'underline',
  s: 'strike',
  strike: 'strike',
  del: 'strike',
  sup: 'superscript',
  sub: 'subscript',
};

const CODE = new Set(['code', 'kbd', 'samp', 'tt']);

/** Elements that begin and end a paragraph (HTML, section 15.3: those that browsers display as blocks). */
const BLOCKS = new Set(
  `address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form
   h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section summary table ul`.split(
    /\s+/,
  ),
);

/** Elements whose content is not text for a reader. */
const INVISIBLE = new Set(
  'head script style template noscript title meta link base area param source track datalist canvas svg audio video iframe object embed'.split(
    ' ',
  ),
);

export function isBlock(element: Element): boolean {
  return BLOCKS.has(element.tagName);
}

export function isCode(element: Element): boolean {
  return CODE.has(element.tagName);
}

export function isHidden(element: Element): boolean {
  return (
    INVISIBLE.has(element.tagName) ||
    attributeOf(element, 'hidden') !== undefined ||
    /display\s*:\s*none/i.test(attributeOf(element, 'style') ?? '')
  );
}

/** Marks that the element adds, by its name or by its inline style (as word processors export them). */
export function marksOf(element: Element): Mark[] {
  const byName = MARKS[element.tagName];
  const style = attributeOf(element, 'style');
  return [...(byName === undefined ? [] : [byName]), ...(style === undefined ? [] : styleMarks(style))];
}

function styleMarks(style: string): Mark[] {
  const marks: Mark[] = [];
  if (/font-weight\s*:\s*(bold|bolder|[6-9]00)/i.test(style)) marks.push('strong');
  if (/font-style\s*:\s*(italic|oblique)/i.test(style)) marks.push('emphasis');
  if (/text-decoration[\w-]*\s*:[^;]*line-through/i.test(style)) marks.push('strike');
  if (/text-decoration[\w-]*\s*:[^;]*underline/i.test(style)) marks.push('underline');
  if (/vertical-align\s*:\s*super/i.test(style)) marks.push('superscript');
  if (/vertical-align\s*:\s*sub\b/i.test(style)) marks.push('subscript');
  return marks;
}
