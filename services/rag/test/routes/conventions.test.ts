import { describeServiceConventions } from '@genai-platform/common/testing';
import { createRagDatabase } from '../harness/rag-database.ts';
import type { RagDatabase } from '../harness/rag-database.ts';
import { startRag } from '../harness/start-rag.ts';

let database: RagDatabase | undefined;

afterAll(() => database?.close());

describeServiceConventions('rag', {
  start: async () => startRag((database ??= await createRagDatabase())),
  parameters: { id: `job_${'0'.repeat(26)}` },
});
