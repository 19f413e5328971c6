import { childrenNamed } from '../../xml/element.ts';
import { readBody } from './body.ts';
import type { Story } from './story.ts';

/** Footnotes and endnotes (ECMA-376 part 1, section 17.11) into the document; separators are layout. */
export function readNotes(story: Story): void {
  for (const [type, element, prefix] of [
    ['footnotes', 'w:footnote', ''],
    ['endnotes', 'w:endnote', 'e'],
  ] as const) {
    const relationship = story.source.related(story.part, type);
    if (!relationship || !story.source.has(relationship.target)) continue;
    const inner: Story = { ...story, part: relationship.target, fields: [] };
    for (const note of childrenNamed(story.source.xml(relationship.target), element)) {
      if (note.attributes['w:type'] !== undefined && note.attributes['w:type'] !== 'normal') continue;
      story.document.footnotes[`${prefix}${note.attributes['w:id'] ?? ''}`] = readBody(note, inner);
    }
  }
}
