import { stringify } from 'yaml';

/** Forms of output that programs read. */
export type StructuredFormat = 'json' | 'yaml';

/** A value as JSON or YAML, ending with a newline. */
export function structured(value: unknown, format: StructuredFormat): string {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  return stringify(JSON.parse(JSON.stringify(value)), { lineWidth: 0, aliasDuplicateObjects: false });
}
