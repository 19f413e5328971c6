import type { LinkTarget } from '../../document/runs.ts';

/** A complex field (ECMA-376 part 1, section 17.16.18): instruction, then the result that an editor shows. */
export interface Field {
  instruction: string;
  phase: 'instruction' | 'result';
  /** Where a HYPERLINK field leads, once its instruction is complete. */
  link?: LinkTarget | undefined;
}

/** The target of a HYPERLINK instruction (section 17.16.5.25); `\l` names a bookmark. */
export function hyperlinkOf(instruction: string): LinkTarget | undefined {
  const found = /^\s*HYPERLINK\b(.*)$/is.exec(instruction)?.[1];
  if (found === undefined) return undefined;
  const bookmark = /\\l\s+"?([^"\s]+)"?/.exec(found)?.[1];
  const address = /"([^"]*)"/.exec(found.replace(/\\[lot]\s+"?[^"\s]+"?/g, ''))?.[1] ?? '';
  const url = bookmark === undefined ? address : `${address}#${bookmark}`;
  return url === '' ? undefined : { url };
}
