import type { Mark } from '../../document/inline.ts';
import { child, type XmlElement } from '../../xml/element.ts';
import { inherited, isOn, type Style, type Styles } from './styles.ts';

export interface RunFormat {
  marks: Mark[];
  code: boolean;
  hidden: boolean;
}

const MONOSPACED =
  /courier|consolas|\bmono\b|mono(space|lisa)|menlo|monaco|lucida (console|sans typewriter)|source code|fira code|cascadia|inconsolata|fixedsys/i;

/** Character styles whose text is code. */
const CODE_STYLE =
  /^(html code|html typewriter|html sample|verbatim char|source code( char)?|code( char)?|inline code)$/;

/**
 * What the author stressed: the run's own properties, then those of its character style. What a paragraph
 * style does to its whole text (a bold caption) is the look of that style and adds no marks.
 */
export function runFormat(run: XmlElement | undefined, styles: Styles, paragraphStyle: readonly Style[]): RunFormat {
  const id = child(run, 'w:rStyle')?.attributes['w:val'];
  const character = id === undefined ? [] : styles.chain(id);
  const own = [run, ...character.map((style) => style.run)];
  const vanish = inherited([...own, ...paragraphStyle.map((style) => style.run)], 'w:vanish');
  return {
    marks: marksOf(own, character),
    code: character.some((style) => CODE_STYLE.test(style.name)),
    hidden: isOn(vanish) || isOn(inherited(own, 'w:webHidden')),
  };
}

const TOGGLES: readonly (readonly [string, Mark])[] = [
  ['w:b', 'strong'],
  ['w:i', 'emphasis'],
  ['w:strike', 'strike'],
  ['w:dstrike', 'strike'],
  ['w:u', 'underline'],
];

function marksOf(sources: readonly (XmlElement | undefined)[], character: readonly Style[]): Mark[] {
  const marks = new Set(TOGGLES.filter(([name]) => isOn(inherited(sources, name))).map(([, mark]) => mark));
  // A hyperlink's underline is how links look, not what their author stressed.
  if (character.some((style) => style.name.includes('hyperlink'))) marks.delete('underline');
  const position = inherited(sources, 'w:vertAlign')?.attributes['w:val'];
  if (position === 'superscript' || position === 'subscript') marks.add(position);
  return [...marks];
}

/** Whether the run is set in a typewriter face. */
export function isMonospaced(run: XmlElement | undefined, styles: Styles, paragraphStyle: readonly Style[]): boolean {
  const fonts = inherited([run, ...paragraphStyle.map((style) => style.run), styles.defaultRun()], 'w:rFonts');
  return MONOSPACED.test(fonts?.attributes['w:ascii'] ?? fonts?.attributes['w:hAnsi'] ?? '');
}
