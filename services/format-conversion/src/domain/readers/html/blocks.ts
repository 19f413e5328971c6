import type { Block } from '../../document/block.ts';
import { attributeOf, childElements, classesOf, findAll, textOf, type Element } from './dom.ts';
import { readDefinitions, readList } from './lists.ts';
import { Flow } from './paragraphs.ts';
import { readBlocks, type Scope } from './scope.ts';
import { readTable } from './tables.ts';

type BlockReader = (element: Element, scope: Scope, flow: Flow) => void;

export const blockReaders: Readonly<Record<string, BlockReader | undefined>> = {
  h1: readHeading,
  h2: readHeading,
  h3: readHeading,
  h4: readHeading,
  h5: readHeading,
  h6: readHeading,
  hr: (_element, _scope, flow) => flow.block({ type: 'rule' }),
  pre: readPre,
  blockquote: (element, scope, flow) => flow.block({ type: 'quote', children: readBlocks(element, scope) }),
  ul: (element, scope, flow) => flow.block(readList(element, scope)),
  ol: (element, scope, flow) => flow.block(readList(element, scope)),
  menu: (element, scope, flow) => flow.block(readList(element, scope)),
  dir: (element, scope, flow) => flow.block(readList(element, scope)),
  dl: (element, scope, flow) => flow.block(readDefinitions(element, scope)),
  table: (element, scope, flow) => {
    const table = readTable(element, scope);
    if (table.rows.length > 0) flow.block(table);
  },
};

/** Blocks inside a heading (a picture, a table) follow it, because headings hold text alone. */
function readHeading(element: Element, scope: Scope, flow: Flow): void {
  const inner = new Flow();
  scope.walkChildren(element, scope, inner);
  const blocks = inner.blocks();
  const children = blocks.flatMap((block) => (block.type === 'paragraph' ? block.children : []));
  flow.end();
  if (children.length > 0) flow.block({ type: 'heading', level: Number(element.tagName.slice(1)), children });
  for (const block of blocks) if (block.type !== 'paragraph') flow.block(block);
}

function readPre(element: Element, _scope: Scope, flow: Flow): void {
  const inner = findAll(element, ({ tagName }) => tagName === 'code');
  const language = [element, ...inner].map(languageOf).find((name) => name !== '') ?? '';
  const text = preText(element).replace(/^\n/, '');
  flow.block({ type: 'code', language, text: text === '' || text.endsWith('\n') ? text : `${text}\n` } satisfies Block);
}

/** Text of a preformatted element, in which `<br>` is a line end. */
function preText(element: Element): string {
  return element.childNodes
    .map((node) => {
      if (!('tagName' in node)) return textOf(node);
      return node.tagName === 'br' ? '\n' : preText(node);
    })
    .join('');
}

/** `language-ts` (HTML, section 4.5.15), `lang-ts`, `highlight-source-ts`, or a `data-lang` attribute. */
function languageOf(element: Element): string {
  const named = classesOf(element)
    .map((name) => /^(?:language|lang|highlight-source|brush:)-?(.+)$/.exec(name)?.[1])
    .find((name) => name !== undefined);
  return named ?? attributeOf(element, 'data-lang') ?? '';
}

/** Elements of that name directly inside. */
export function directChildren(element: Element, ...names: string[]): Element[] {
  return childElements(element).filter(({ tagName }) => names.includes(tagName));
}
