import { convert } from '../../src/domain/convert.ts';
import type { FormatName } from '../../src/domain/formats.ts';
import type { Limits } from '../../src/domain/limits.ts';
import type { Options } from '../../src/domain/options.ts';

export interface ConvertedText {
  text: string;
  /** Codes of the warnings, in order. */
  warnings: string[];
}

export interface ConvertWith {
  options?: Partial<Options>;
  limits?: Partial<Limits>;
}

/** Converts and returns the output as text. */
export async function convertToText(
  input: string | Uint8Array,
  from: FormatName,
  to: FormatName,
  given: ConvertWith = {},
): Promise<ConvertedText> {
  const { output, warnings } = await convert({ input: Buffer.from(input), from, to, ...given });
  return { text: Buffer.from(output).toString(), warnings: warnings.map(({ code }) => code) };
}

/** Converts and returns the bytes. */
export async function convertToBytes(
  input: string | Uint8Array,
  from: FormatName,
  to: FormatName,
  given: ConvertWith = {},
): Promise<Uint8Array> {
  return (await convert({ input: Buffer.from(input), from, to, ...given })).output;
}
