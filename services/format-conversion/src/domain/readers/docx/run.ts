import type { Inline } from '../../document/inline.ts';
import { child, descendants, elements, textOf, type XmlElement } from '../../xml/element.ts';
import { chosenAlternative } from './alternatives.ts';
import { readDrawing } from './drawings.ts';
import { hyperlinkOf } from './fields.ts';
import type { InlineScope } from './inline-scope.ts';
import { isMonospaced, runFormat, type RunFormat } from './run-properties.ts';
import { symbolText } from './symbols.ts';

interface RunScope extends InlineScope {
  format: RunFormat;
}

type Handler = (element: XmlElement, scope: RunScope) => void;

/** Content of a run (ECMA-376 part 1, section 17.3.3). */
const HANDLERS: Readonly<Record<string, Handler | undefined>> = {
  'w:t': (element, scope) => addText(textOf(element), scope),
  'w:tab': (_element, scope) => addText('\t', scope),
  'w:ptab': (_element, scope) => addText('\t', scope),
  'w:br': (element, scope) => {
    // Page and column breaks are layout; a line break is content.
    if (!/^(page|column)$/.test(element.attributes['w:type'] ?? '')) add({ type: 'break' }, scope);
  },
  'w:cr': (_element, scope) => add({ type: 'break' }, scope),
  'w:noBreakHyphen': (_element, scope) => addText('\u2011', scope),
  'w:sym': (element, scope) => addText(symbolText(element.attributes['w:font'], element.attributes['w:char']), scope),
  // The base text stands; the reading printed above it is dropped.
  'w:ruby': (element, scope) => addText(textOf(child(element, 'w:rubyBase')), scope),
  'w:footnoteReference': (element, scope) => addNote(element.attributes['w:id'] ?? '', scope),
  'w:endnoteReference': (element, scope) => addNote(`e${element.attributes['w:id'] ?? ''}`, scope),
  'w:fldChar': readFieldCharacter,
  'w:instrText': (element, { story }) => {
    const field = story.fields.at(-1);
    if (field?.phase === 'instruction') field.instruction += textOf(element);
  },
  'w:drawing': readDrawing,
  'w:pict': readDrawing,
  'w:object': readDrawing,
  'mc:AlternateContent': (element, scope) => readChildren(chosenAlternative(element), scope),
};

export function readRun(run: XmlElement, scope: InlineScope): void {
  const properties = child(run, 'w:rPr');
  const format = runFormat(properties, scope.story.styles, scope.paragraphStyle);
  if (format.hidden) {
    scope.story.context.warnings.add('HIDDEN_TEXT_DROPPED', 'Text that is formatted as hidden was left out.');
    return;
  }
  if (textOf(child(run, 'w:t')).trim() !== '') {
    const monospaced = isMonospaced(properties, scope.story.styles, scope.paragraphStyle);
    scope.pieces.monospaced = monospaced && scope.pieces.monospaced !== false;
  }
  readChildren(run, { ...scope, format });
}

function readChildren(parent: XmlElement | undefined, scope: RunScope): void {
  for (const element of elements(parent)) HANDLERS[element.name]?.(element, scope);
}

/** References are raised by nature; the style that raises them says nothing more. */
function addNote(id: string, scope: RunScope): void {
  add({ type: 'footnote', id }, { ...scope, format: { ...scope.format, marks: [] } });
}

function addText(text: string, scope: RunScope): void {
  if (text !== '') add(scope.format.code ? { type: 'code', text } : { type: 'text', text }, scope);
}

function add(content: Inline, { story, pieces, format, link }: RunScope): void {
  if (story.fields.some((field) => field.phase === 'instruction')) return;
  const fieldLink = story.fields.findLast((field) => field.link !== undefined)?.link;
  pieces.run({ content, marks: format.marks, link: link ?? fieldLink });
}

function readFieldCharacter(element: XmlElement, scope: RunScope): void {
  const { fields } = scope.story;
  const field = fields.at(-1);
  switch (element.attributes['w:fldCharType']) {
    case 'begin':
      fields.push({ instruction: '', phase: 'instruction' });
      break;
    case 'separate':
      if (field) Object.assign(field, { phase: 'result', link: hyperlinkOf(field.instruction) });
      break;
    case 'end':
      fields.pop();
      break;
  }
  const [box] = descendants(element, 'w:checkBox');
  if (box) readLegacyCheckbox(box, scope);
}

/** Checkboxes of old forms (section 17.16.7) live in the field's data and have no text of their own. */
function readLegacyCheckbox(box: XmlElement, { pieces, format }: RunScope): void {
  const state = child(box, 'w:checked') ?? child(box, 'w:default');
  const checked = state !== undefined && !/^(0|false|off)$/.test(state.attributes['w:val'] ?? '1');
  pieces.run({ content: { type: 'text', text: checked ? '☒ ' : '☐ ' }, marks: format.marks });
}
