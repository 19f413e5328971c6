import type * as jest from '@jest/globals';
import { CONVENTIONS } from './conventions.ts';
import type { ConventionsOptions } from './conventions.ts';
import { documentedOperations } from './documented-operation.ts';
import type { DocumentedOperation, OpenApi } from './documented-operation.ts';
import type { TestService } from './start-service.ts';

/**
 * The conventions that every service keeps, tested over its real HTTP server: probes, documentation, error shapes,
 * identity and scopes of every documented operation, body limits and types, drain. To be called in a test file.
 */
export function describeServiceConventions(name: string, options: ConventionsOptions): void {
  // Imported, jest's globals would keep this file from being loaded outside of jest.
  const { afterAll, beforeAll, describe, expect, test } = globalThis as unknown as typeof jest;
  describe(`${name} keeps the conventions`, () => {
    let service: TestService;
    let document: OpenApi;
    let operations: DocumentedOperation[];
    beforeAll(async () => {
      service = await options.start();
      document = (await (await service.fetch('/openapi.json', { as: null })).json()) as OpenApi;
      operations = documentedOperations(document, options.parameters ?? {});
    });
    afterAll(() => service.close());
    for (const [sentence, check] of Object.entries(CONVENTIONS)) {
      test(sentence, () => check({ name, options, service, document, operations, expect }));
    }
  });
}
