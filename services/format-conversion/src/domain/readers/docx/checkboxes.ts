import type { Inline } from '../../document/inline.ts';

const BOX = /^\s*([☐☑☒🗹🗷🗸])\s*/u;

/** Takes a box that opens the paragraph (a content control, an old form field or the plain sign) as its state. */
export function takeCheckbox(children: Inline[]): { checked: boolean | undefined; rest: Inline[] } {
  const [first, ...others] = children;
  const found = first?.type === 'text' ? BOX.exec(first.text) : null;
  if (!found || first?.type !== 'text') return { checked: undefined, rest: children };
  const text = first.text.slice(found[0].length);
  return { checked: found[1] !== '☐', rest: text === '' ? others : [{ type: 'text', text }, ...others] };
}
