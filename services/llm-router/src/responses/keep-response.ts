import type { Identity, Logger } from '@genai-platform/common';
import type { Item, ModelResponse } from '../api/response-schemas.ts';
import type { ResponseStore } from '../store/response-store.ts';

/** Keeps a response that has been made; one that cannot be kept is given all the same, and says that it was not. */
export async function keepResponse(
  store: ResponseStore | undefined,
  { response, items, identity }: { response: ModelResponse; items: readonly Item[]; identity: Identity },
  log: Logger,
): Promise<ModelResponse> {
  if (store === undefined || response['store'] !== true) return { ...response, store: false };
  try {
    await store.insert(identity, { response, items: [...items, ...response.output] });
    return response;
  } catch (error) {
    log.warn({ error }, 'a response could not be kept');
    return { ...response, store: false };
  }
}
