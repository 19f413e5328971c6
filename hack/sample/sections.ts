/** A heading with what stands under it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

/** Cuts Markdown at its headings; text before the first one is no section. */
export function splitSections(markdown: string): Section[] {
  const sections: Section[] = [];
  for (const part of markdown.split(/^(?=#{1,6} )/m)) {
    const [heading = '', ...rest] = part.split('\n');
    const body = rest.join('\n').trim();
    if (!heading.startsWith('#') || body === '') continue;
    const title = heading.replace(/^#+ /, '').trim();
    sections.push({ id: `section-${String(sections.length + 1)}`, title, body });
  }
  return sections;
}
