import { descendants, textOf } from '../xml/element.ts';
import type { OpcPackage } from './package.ts';

/** Name of the custom property with which this service's own writer says that `Heading 1` is level 1. */
export const HEADING_BASE_PROPERTY = 'genai-platform-heading-base';

/** What the level of `Heading 1` has above 1: by default level 1 is the title's. */
export function headingShift(source: OpcPackage): number {
  const properties = descendants(source.relatedXml('', 'custom-properties'), '?:property');
  const own = properties.find(({ attributes }) => attributes['name'] === HEADING_BASE_PROPERTY);
  return own && textOf(own) === '1' ? 0 : 1;
}
