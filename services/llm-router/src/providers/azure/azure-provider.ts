import type { HttpProviderOptions } from '../http/http-provider.ts';
import { OpenAiProvider } from '../openai/openai-provider.ts';

/** OpenAI's models in Azure: the same words under other addresses. A model is known by its deployment. */
export class AzureProvider extends OpenAiProvider {
  readonly #apiVersion: string | undefined;

  /** @param apiVersion of the addresses by deployment; without one the API `v1` is asked, which has none */
  constructor(options: HttpProviderOptions, apiVersion: string | undefined) {
    super(options);
    this.#apiVersion = apiVersion;
  }

  protected override path(operation: string, model: string): string {
    if (this.#apiVersion === undefined) return `/openai/v1${operation}`;
    const version = encodeURIComponent(this.#apiVersion);
    return `/openai/deployments/${encodeURIComponent(model)}${operation}?api-version=${version}`;
  }
}
