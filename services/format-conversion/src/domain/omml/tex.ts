import { child, childrenNamed, elements, textOf, type XmlElement } from '../xml/element.ts';
import { accentCommand, delimiter, functionCommand, joinTex, operatorCommand, texText } from './symbols.ts';

type Render = (element: XmlElement) => string;

/** Objects of Office Math (ECMA-376 part 1, section 22.1) as LaTeX. */
const RENDERERS: Readonly<Record<string, Render | undefined>> = {
  'm:r': renderRun,
  'm:f': renderFraction,
  'm:sSub': renderScripts,
  'm:sSup': renderScripts,
  'm:sSubSup': renderScripts,
  'm:sPre': (element) => `{}${scripts(element)}${argument(element, 'm:e')}`,
  'm:rad': renderRadical,
  'm:nary': renderNary,
  'm:d': renderDelimiters,
  'm:func': renderFunction,
  'm:limLow': (element) => `${functionName(child(element, 'm:e'))}_{${argument(element, 'm:lim')}}`,
  'm:limUpp': (element) => `\\overset{${argument(element, 'm:lim')}}{${argument(element, 'm:e')}}`,
  'm:acc': (element) =>
    `${accentCommand(property(element, 'm:accPr', 'm:chr') ?? '\u0302')}{${argument(element, 'm:e')}}`,
  'm:bar': (element) =>
    `${property(element, 'm:barPr', 'm:pos') === 'top' ? '\\overline' : '\\underline'}{${argument(element, 'm:e')}}`,
  'm:borderBox': (element) => `\\boxed{${argument(element, 'm:e')}}`,
  'm:groupChr': renderGroup,
  'm:m': (element) =>
    environment(
      'matrix',
      childrenNamed(element, 'm:mr').map((row) => childrenNamed(row, 'm:e').map(mathToTex).join(' & ')),
    ),
  'm:eqArr': (element) =>
    environment(
      'aligned',
      childrenNamed(element, 'm:e').map((row) => mathToTex(row).replaceAll('\\&', '&')),
    ),
  'm:phant': () => '',
  'w:del': () => '',
};

/** The content of an `m:oMath` or of any part of it. */
export function mathToTex(element: XmlElement | undefined): string {
  return elements(element)
    .filter(({ name }) => !name.endsWith('Pr'))
    .map((part) => (RENDERERS[part.name] ?? mathToTex)(part))
    .reduce(joinTex, '')
    .trim();
}

function argument(element: XmlElement, name: string): string {
  return mathToTex(child(element, name));
}

/** A property's value; undefined when the property is absent, empty when it is present without value. */
function property(element: XmlElement, group: string, name: string): string | undefined {
  const found = child(element, group, name);
  return found && (found.attributes['m:val'] ?? '');
}

function isSet(element: XmlElement, group: string, name: string): boolean {
  const value = property(element, group, name);
  return value !== undefined && !/^(0|off|false)$/.test(value);
}

/** The base of a script. Anything but one token or a delimited group needs braces to be raised as a whole. */
function base(element: XmlElement): string {
  const tex = argument(element, 'm:e');
  const inner = elements(child(element, 'm:e')).filter(({ name }) => !name.endsWith('Pr'));
  const simple = inner.length === 1 && (inner[0]?.name === 'm:r' || inner[0]?.name === 'm:d');
  return simple || tex === '' ? tex : `{${tex}}`;
}

function renderScripts(element: XmlElement): string {
  return base(element) + scripts(element);
}

/** Sub- and superscript of an object; empty places are left out. */
function scripts(element: XmlElement): string {
  const [lower, upper] = [argument(element, 'm:sub'), argument(element, 'm:sup')];
  return `${lower === '' ? '' : `_{${lower}}`}${upper === '' ? '' : `^{${upper}}`}`;
}

const ALPHABETS: Readonly<Record<string, string>> = {
  'double-struck': '\\mathbb',
  script: '\\mathcal',
  fraktur: '\\mathfrak',
  'sans-serif': '\\mathsf',
  monospace: '\\mathtt',
};

function renderRun(run: XmlElement): string {
  const text = childrenNamed(run, 'm:t').map(textOf).join('');
  if (isSet(run, 'm:rPr', 'm:nor')) return text.trim() === '' ? text : `\\text{${text.replace(/[#%&_{}$]/g, '\\$&')}}`;
  const style = property(run, 'm:rPr', 'm:sty');
  const alphabet = ALPHABETS[property(run, 'm:rPr', 'm:scr') ?? ''] ?? (style === 'b' ? '\\mathbf' : undefined);
  const tex = texText(text);
  if (alphabet !== undefined && text.trim() !== '') return `${alphabet}{${tex}}`;
  return style === 'p' && /^[A-Za-z]{2,}$/.test(text) ? functionOrWord(text) : tex;
}

function functionOrWord(word: string): string {
  const command = functionCommand(word);
  return command.startsWith('\\operatorname') ? `\\mathrm{${word}}` : command;
}

function renderFraction(element: XmlElement): string {
  const [top, bottom] = [argument(element, 'm:num'), argument(element, 'm:den')];
  switch (property(element, 'm:fPr', 'm:type')) {
    case 'noBar':
      return `\\genfrac{}{}{0pt}{}{${top}}{${bottom}}`;
    case 'lin':
    case 'skw':
      return `{${top}}/{${bottom}}`;
    default:
      return `\\frac{${top}}{${bottom}}`;
  }
}

function renderRadical(element: XmlElement): string {
  const degree = isSet(element, 'm:radPr', 'm:degHide') ? '' : argument(element, 'm:deg');
  return `\\sqrt${degree === '' ? '' : `[${degree}]`}{${argument(element, 'm:e')}}`;
}

function renderNary(element: XmlElement): string {
  const sign = operatorCommand(property(element, 'm:naryPr', 'm:chr') ?? '∫');
  return joinTex(sign + scripts(element), argument(element, 'm:e'));
}

function renderDelimiters(element: XmlElement): string {
  const [open, close] = [property(element, 'm:dPr', 'm:begChr') ?? '(', property(element, 'm:dPr', 'm:endChr') ?? ')'];
  const separator = property(element, 'm:dPr', 'm:sepChr') ?? '|';
  const inner = childrenNamed(element, 'm:e').map(mathToTex).join(separator);
  return joinTex(`\\left${delimiter(open)}`, `${inner}\\right${delimiter(close)}`);
}

function renderFunction(element: XmlElement): string {
  const name = child(element, 'm:fName');
  const inner = argument(element, 'm:e');
  const needsSpace = /^[\\A-Za-z0-9]/.test(inner);
  return `${functionName(name)}${needsSpace ? ' ' : ''}${inner}`;
}

/** A name made of plain runs alone is one word; anything else (a limit below it) renders as it is. */
function functionName(name: XmlElement | undefined): string {
  const parts = elements(name).filter((part) => !part.name.endsWith('Pr'));
  const plain = parts.length > 0 && parts.every((part) => part.name === 'm:r');
  const word = parts
    .map((part) => childrenNamed(part, 'm:t').map(textOf).join(''))
    .join('')
    .trim();
  return plain && /^[A-Za-z]{2,}$/.test(word) ? functionCommand(word) : mathToTex(name);
}

/** A brace or arrow above or below (section 22.1.2.41); the default sign is the brace below. */
function renderGroup(element: XmlElement): string {
  const sign = property(element, 'm:groupChrPr', 'm:chr') ?? '⏟';
  const inner = argument(element, 'm:e');
  if (sign === '⏟') return `\\underbrace{${inner}}`;
  if (sign === '⏞') return `\\overbrace{${inner}}`;
  const side = property(element, 'm:groupChrPr', 'm:pos') === 'top' ? '\\overset' : '\\underset';
  return `${side}{${texText(sign)}}{${inner}}`;
}

function environment(name: string, rows: readonly string[]): string {
  const [only = ''] = rows;
  if (name === 'aligned' && rows.length === 1) return only.replaceAll('&', '');
  return `\\begin{${name}}${rows.join(' \\\\ ')}\\end{${name}}`;
}
