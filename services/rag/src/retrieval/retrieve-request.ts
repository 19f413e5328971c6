import type { Filter } from '../domain/filter/filter.ts';

export type Mode = 'hybrid' | 'lexical' | 'vector';

/** What is to be found, checked and complete. */
export interface RetrieveRequest {
  readonly query: string;
  /** Of the query, where the caller has it already. */
  readonly vector?: readonly number[] | undefined;
  /** Names or ids. */
  readonly collections: readonly string[];
  readonly principals: readonly string[];
  readonly filter?: Filter | undefined;
  readonly mode: Mode;
  readonly limit: number;
  /** Chunks taken from each leg before they are put into one ranking. */
  readonly candidates: number;
  /** The vector leg's share; the collection's where absent. */
  readonly vectorWeight?: number | undefined;
  /** Reranks the best by this model, or by the encoder's similarity. */
  readonly rerank?: { readonly model?: string | undefined; readonly depth: number } | undefined;
  /** Picks chunks that are unlike each other: 1 is relevance alone. */
  readonly diversity?: { readonly lambda: number } | undefined;
}
