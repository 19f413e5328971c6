import { describeServiceConventions } from '@genai-platform/common/testing';
import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';

let database: SearchDatabase | undefined;

afterAll(() => database?.close());

describeServiceConventions('search', {
  start: async () => startSearch((database ??= await createSearchDatabase())),
});
