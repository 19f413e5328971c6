import { convert } from '../domain/convert.ts';
import { ConversionError } from '../domain/conversion-error.ts';
import { detectFormat, type Detection } from '../domain/detect/detect.ts';
import { detectLanguage } from '../domain/detect/language.ts';
import type { FormatName } from '../domain/formats.ts';
import { readers } from '../domain/registry.ts';
import type { ConvertOutcome, ConvertTask, DetectOutcome, DetectTask, Outcome, Task } from './task.ts';

/** Does what a task asks. Throws `ConversionError` for faults of the document. */
export async function runTask(task: Task): Promise<Outcome> {
  return task.kind === 'convert' ? runConvert(task) : runDetect(task);
}

async function runConvert({ input, from, to, hints, options, limits }: ConvertTask): Promise<ConvertOutcome> {
  const source = from ?? (await findFormat(input, hints, limits));
  const { output, warnings } = await convert({ input, from: source, to, options, limits });
  return { kind: 'convert', output, from: source, warnings };
}

async function findFormat(
  input: Uint8Array,
  hints: ConvertTask['hints'],
  limits: ConvertTask['limits'],
): Promise<FormatName> {
  const { format, description } = await detectFormat(input, hints, limits);
  if (!format)
    throw new ConversionError(
      'CONVERT_FORMAT_UNKNOWN',
      `This looks like ${article(description)}, which cannot be read.`,
    );
  return format;
}

function article(description: string): string {
  return /^unknown/.test(description) ? description : `a file of the kind "${description}"`;
}

async function runDetect({ input, hints, limits }: DetectTask): Promise<DetectOutcome> {
  const detection = await detectFormat(input, hints, limits);
  const { format, mediaType, description, basis, confidence, encoding } = detection;
  return {
    kind: 'detect',
    format,
    mediaType,
    description,
    basis,
    confidence,
    encoding: encoding && { name: encoding.encoding, certainty: encoding.certainty },
    language: await languageOf(input, detection, limits),
  };
}

/** The language of the text inside. A document that cannot be read has been recognised nonetheless. */
async function languageOf(
  input: Uint8Array,
  { format }: Detection,
  limits: DetectTask['limits'],
): Promise<DetectOutcome['language']> {
  if (!format || !readers[format]) return undefined;
  try {
    const { output } = await convert({
      input,
      from: format,
      to: 'txt',
      options: { pages: format === 'pdf' ? '1-3' : '' },
      limits,
    });
    return detectLanguage(Buffer.from(output).toString());
  } catch (error) {
    if (error instanceof ConversionError) return undefined;
    throw error;
  }
}
