import { chosenAlternative } from './alternatives.ts';
import { mathToTex } from '../../omml/tex.ts';
import { child, childrenNamed, elements, type XmlElement } from '../../xml/element.ts';
import { readDrawing } from './drawings.ts';
import { hyperlinkOf } from './fields.ts';
import { emit, type InlineScope } from './inline-scope.ts';
import { readRun } from './run.ts';

type Handler = (element: XmlElement, scope: InlineScope) => void;

const descend: Handler = (element, scope) => readInlines(element, scope);

/** Inline-level elements of a paragraph (ECMA-376 part 1, sections 17.3 and 17.16). What is not listed has no text. */
const HANDLERS: Readonly<Record<string, Handler | undefined>> = {
  'w:r': readRun,
  'w:hyperlink': readHyperlink,
  'w:fldSimple': readSimpleField,
  'w:smartTag': descend,
  'w:customXml': descend,
  'w:dir': descend,
  'w:bdo': descend,
  'w:ins': descend,
  'w:moveTo': descend,
  'w:del': (_element, { story }) =>
    story.context.warnings.add(
      'TRACKED_CHANGES_APPLIED',
      'Tracked changes were read as if accepted: insertions in, deletions out.',
    ),
  'w:sdt': (element, scope) => readInlines(child(element, 'w:sdtContent'), scope),
  'm:oMath': (element, scope) => emit({ type: 'math', tex: mathToTex(element) }, scope),
  'm:oMathPara': (element, { pieces }) => {
    for (const formula of childrenNamed(element, 'm:oMath')) pieces.block({ type: 'math', tex: mathToTex(formula) });
  },
  'mc:AlternateContent': (element, scope) => readInlines(chosenAlternative(element), scope),
  'w:drawing': readDrawing,
  'w:pict': readDrawing,
  'w:commentRangeStart': (_element, { story }) =>
    story.context.warnings.add('COMMENTS_DROPPED', 'Comments of reviewers are not part of the text and were left out.'),
};

export function readInlines(parent: XmlElement | undefined, scope: InlineScope): void {
  for (const element of elements(parent)) HANDLERS[element.name]?.(element, scope);
}

function readHyperlink(element: XmlElement, scope: InlineScope): void {
  const { story } = scope;
  const id = element.attributes['r:id'];
  const anchor = element.attributes['w:anchor'];
  const target = id === undefined ? '' : (story.source.relationship(story.part, id)?.target ?? '');
  const url = anchor === undefined ? target : `${target}#${anchor}`;
  // Links to places inside the document are the editor's table of contents and cross references.
  const link = url === '' || url.startsWith('#') ? undefined : { url };
  readInlines(element, { ...scope, link });
}

function readSimpleField(element: XmlElement, scope: InlineScope): void {
  readInlines(element, { ...scope, link: hyperlinkOf(element.attributes['w:instr'] ?? '') ?? scope.link });
}
