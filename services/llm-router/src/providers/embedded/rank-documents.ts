import { newId } from '@genai-platform/common';
import type { RerankReply, RerankRequest } from '../../api/rerank-schemas.ts';
import type { Encoder } from '../../engines/encoder.ts';
import { worded, type Call, type Worded } from '../provider.ts';

/**
 * Ranks by the cosine between the vectors of query and documents: a similarity, and not the judgement of a model that
 * has read both. The reply says so.
 */
export async function rankDocuments(
  encoder: Encoder,
  { request, signal }: Call<RerankRequest>,
): Promise<Worded<RerankReply>> {
  const { query, documents, top_n: most, return_documents: withText } = request;
  const texts = documents.map((document) => (typeof document === 'string' ? document : document.text));
  const pointerOf = (index: number): string => (index === 0 ? '/query' : `/documents/${String(index - 1)}`);
  const { vectors, tokens } = await encoder.encode([query, ...texts], signal, pointerOf);
  const dimensions = vectors.length / (texts.length + 1);
  const results = texts
    .map((text, index) => ({
      index,
      relevance_score: similarity(vectors, dimensions, index + 1),
      ...(withText === true && { document: { text } }),
    }))
    .sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
    .slice(0, most ?? texts.length);
  return worded({
    id: newId('rerank'),
    object: 'list',
    model: encoder.model,
    method: 'embedding-similarity',
    results,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

/** All vectors have length 1: their product is the cosine. */
function similarity(vectors: Float32Array, dimensions: number, row: number): number {
  let sum = 0;
  for (let index = 0; index < dimensions; index += 1) {
    sum += (vectors[index] ?? 0) * (vectors[row * dimensions + index] ?? 0);
  }
  return sum;
}
