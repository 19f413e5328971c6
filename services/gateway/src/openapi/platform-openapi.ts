import type { Clock, Logger } from '@genai-platform/common';
import type { RoutedService } from '../domain/route-table.ts';
import { mergeOpenApi } from './merge-openapi.ts';
import type { OpenApiDocument, ServiceDocument } from './merge-openapi.ts';

const FRESH_MS = 30_000;
const TIMEOUT_MS = 3_000;
const MAX_DOCUMENT_BYTES = 4 * 1_024 * 1_024;

export interface PlatformOpenApiOptions {
  readonly services: readonly RoutedService[];
  readonly own: () => OpenApiDocument;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The document of the whole platform. Services are asked at most twice a minute; one that does not answer is described as
 * it was when it last did.
 */
export class PlatformOpenApi {
  readonly #options: PlatformOpenApiOptions;
  readonly #last = new Map<string, OpenApiDocument>();
  #merged: Promise<OpenApiDocument> | undefined;
  #mergedAtMs = -Infinity;

  constructor(options: PlatformOpenApiOptions) {
    this.#options = options;
  }

  document(): Promise<OpenApiDocument> {
    const now = this.#options.clock.now();
    if (this.#merged === undefined || now - this.#mergedAtMs > FRESH_MS) {
      this.#mergedAtMs = now;
      this.#merged = this.#merge();
    }
    return this.#merged;
  }

  async #merge(): Promise<OpenApiDocument> {
    const { services, own } = this.#options;
    const documents = await Promise.all(services.map((service) => this.#fetch(service)));
    return mergeOpenApi(
      own(),
      documents.filter((document) => document !== undefined),
    );
  }

  async #fetch({ service, url }: RoutedService): Promise<ServiceDocument | undefined> {
    try {
      const response = await fetch(new URL('/openapi.json', url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) throw new Error(`status ${String(response.status)}`);
      const text = await response.text();
      if (text.length > MAX_DOCUMENT_BYTES) throw new Error('the document is too large');
      this.#last.set(service, JSON.parse(text) as OpenApiDocument);
    } catch (error) {
      this.#options.log.warn({ error, service }, 'the OpenAPI document of a service is not to be had');
    }
    const document = this.#last.get(service);
    return document === undefined ? undefined : { service, document };
  }
}
