import type { EmbeddingRequest } from '../../api/embedding-schemas.ts';

/**
 * The texts of an embeddings request. Tokens are those of `cl100k_base`, which clients count OpenAI's embedding models by
 * (LangChain sends such by default); the embedded encoder has others, so they become text again.
 */
export async function embeddingTexts({ input }: EmbeddingRequest): Promise<string[]> {
  if (typeof input === 'string') return [input];
  const [first] = input;
  if (typeof first === 'string') return input as string[];
  const { decode } = await import('gpt-tokenizer/encoding/cl100k_base');
  const lists = typeof first === 'number' ? [input as number[]] : (input as number[][]);
  return lists.map((tokens) => decode(tokens));
}
