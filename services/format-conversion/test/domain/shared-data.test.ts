import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConversionError } from '../../src/domain/conversion-error.ts';
import { detectFormat } from '../../src/domain/detect/detect.ts';
import { defaultLimits } from '../../src/domain/limits.ts';
import { convertToText } from '../harness/convert.ts';

const folder = fileURLToPath(new URL('../../../../../shared/data/documents', import.meta.url));
const formats = ['docx', 'html', 'csv', 'pdf'] as const;
const samples = existsSync(folder)
  ? formats.flatMap((format) =>
      readdirSync(join(folder, format, 'sources')).map((name) => ({
        format,
        name,
        path: join(folder, format, 'sources', name),
      })),
    )
  : [];

(samples.length > 0 ? describe : describe.skip)('public documents (skipped where they are absent)', () => {
  /** Share of the samples whose format is found; a file separated by tabs may be called so. */
  const recognised = async (named: boolean): Promise<number> => {
    const found = await Promise.all(
      samples.map(async ({ path, name, format }) => {
        const detection = await detectFormat(readFileSync(path), named ? { filename: name } : {}, defaultLimits);
        return detection.format === format || (format === 'csv' && detection.format === 'tsv');
      }),
    );
    return found.filter(Boolean).length / samples.length;
  };

  test('are recognised as they are sent, under their names, at least 99 in 100', async () => {
    expect(await recognised(true)).toBeGreaterThanOrEqual(0.99);
  });

  // A list of single words is a text as well as a table of one column.
  test('are recognised by their bytes alone, at least 98 in 100', async () => {
    expect(await recognised(false)).toBeGreaterThanOrEqual(0.98);
  });

  test.each(samples.map(({ format, name, path }) => [name, format, path] as const))(
    '%s is converted or refused with a reason',
    async (_name, format, path) => {
      const outcome = await convertToText(readFileSync(path), format, 'md').catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ConversionError);
      else expect(outcome).toMatchObject({ text: expect.stringMatching(/\S/) });
    },
  );
});
