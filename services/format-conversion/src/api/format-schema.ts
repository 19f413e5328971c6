import { z } from 'zod';
import { formats, type FormatName } from '../domain/formats.ts';
import { readers, writers } from '../domain/registry.ts';

function nameIn(table: Readonly<Record<string, unknown>>): z.ZodEnum<Record<FormatName, FormatName>> {
  const names = formats.map(({ name }) => name).filter((name) => name in table);
  return z.enum(names as unknown as Record<FormatName, FormatName>);
}

/** Formats that can be read and written. */
export const SourceFormat = nameIn(readers);
export const TargetFormat = nameIn(writers);
