import type { ConversionCode } from '../domain/conversion-error.ts';
import type { Hints } from '../domain/detect/detect.ts';
import type { Warning } from '../domain/document/warnings.ts';
import type { FormatName } from '../domain/formats.ts';
import type { Limits } from '../domain/limits.ts';
import type { Options } from '../domain/options.ts';

/** Work for a worker. Everything in it can be cloned between processes. */
export type Task = ConvertTask | DetectTask;

export interface ConvertTask {
  kind: 'convert';
  input: Uint8Array;
  /** Found out from the input where absent. */
  from?: FormatName | undefined;
  to: FormatName;
  hints: Hints;
  options: Partial<Options>;
  limits: Limits;
}

export interface DetectTask {
  kind: 'detect';
  input: Uint8Array;
  hints: Hints;
  limits: Limits;
}

export interface ConvertOutcome {
  kind: 'convert';
  output: Uint8Array;
  from: FormatName;
  warnings: Warning[];
}

export interface DetectOutcome {
  kind: 'detect';
  format: FormatName | undefined;
  mediaType: string;
  description: string;
  basis: 'signature' | 'content' | 'name';
  confidence: number;
  encoding: { name: string; certainty: string } | undefined;
  language: { code: string; confidence: number } | undefined;
}

export type Outcome = ConvertOutcome | DetectOutcome;

/** What a worker answers: the outcome, a fault of the document, or a fault of ours. */
export type Answer =
  | { state: 'done'; outcome: Outcome }
  | { state: 'refused'; code: ConversionCode; detail: string }
  | { state: 'crashed'; message: string; stack: string | undefined };
