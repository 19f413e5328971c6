import { xmlSafe } from '../../xml/safe-text.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for HTML content and for double-quoted attribute values, as CommonMark's reference output does. */
export function escapeHtml(value: string): string {
  return xmlSafe(value).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** One attribute with a leading space. */
export function attribute(name: string, value: string): string {
  return ` ${name}="${escapeHtml(value)}"`;
}
