import { describeServiceConventions } from '@genai-platform/common/testing';
import { createConversionDatabase, type ConversionDatabase } from '../harness/conversion-database.ts';
import { startConversion } from '../harness/start-conversion.ts';

let database: ConversionDatabase | undefined;

afterAll(() => database?.close());

describeServiceConventions('format-conversion', {
  start: async () => startConversion((database ??= await createConversionDatabase())),
});
