import type { Identity } from '@genai-platform/common';
import { createTestContext, startService } from '@genai-platform/common/testing';
import type { TestService } from '@genai-platform/common/testing';
import type { SearchReply } from '../../src/api/search-reply.ts';
import { createApp } from '../../src/app.ts';
import { SearchConfig } from '../../src/config.ts';
import { createDeps } from '../../src/deps.ts';
import type { Deps } from '../../src/deps.ts';
import type { SearchDatabase } from './search-database.ts';

/** A document as it is sent. */
export interface SentDocument {
  id: string;
  fields: Record<string, unknown>;
  acl?: string[];
  vector?: number[];
}

/** A running search service, with its own verbs. */
export interface TestSearch extends TestService {
  readonly deps: Deps;
  /** Makes an index; throws unless the service agrees. */
  putIndex(name: string, settings: object, as?: Partial<Identity>): Promise<void>;
  /** Writes documents; returns each one's status. */
  putDocuments(name: string, documents: readonly SentDocument[], as?: Partial<Identity>): Promise<number[]>;
  search(name: string, request: object, as?: Partial<Identity>): Promise<SearchReply>;
}

/** Starts one instance of the service on a database that others may share. */
export async function startSearch(
  database: SearchDatabase,
  overrides: Partial<SearchConfig> = {},
): Promise<TestSearch> {
  const context = createTestContext({ name: 'search' });
  const config: SearchConfig = {
    ...SearchConfig.parse({
      SERVICE_NAME: 'search',
      HTTP_PORT: 0,
      IDENTITY_KEY_FILE: context.testIdentity.keyFile,
      ...database.config,
    }),
    ...overrides,
  };
  const deps = createDeps(config, context);
  const service = await startService(createApp(deps), context);
  const expectStatus = async (response: Response, ...statuses: number[]): Promise<Response> => {
    if (statuses.includes(response.status)) return response;
    throw new Error(`${response.status} ${await response.text()}`);
  };
  return {
    ...service,
    deps,
    putIndex: async (name, settings, as = {}) => {
      const response = await service.fetch(`/v1/search/indexes/${name}`, { method: 'PUT', json: settings, as });
      await expectStatus(response, 200, 201);
    },
    putDocuments: async (name, documents, as = {}) => {
      const response = await service.fetch(`/v1/search/indexes/${name}/documents`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: documents.map((document) => `${JSON.stringify(document)}\n`).join(''),
        as,
      });
      const { data } = (await (await expectStatus(response, 207)).json()) as { data: { status: number }[] };
      return data.map(({ status }) => status);
    },
    search: async (name, request, as = {}) => {
      const response = await service.fetch(`/v1/search/indexes/${name}/search`, { json: request, as });
      return (await (await expectStatus(response, 200)).json()) as SearchReply;
    },
  };
}
