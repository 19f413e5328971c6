/** A term at a distance from the first of its alternative; one alone has offset 0. */
export interface PlacedTerm {
  readonly term: string;
  readonly offset: number;
}

/** One way to satisfy a clause: a term, or several that must stand at their offsets (a phrase). */
export interface Alternative {
  readonly terms: readonly PlacedTerm[];
  /** The text fields in which it is looked up. */
  readonly fields: readonly string[];
  /** What an occurrence counts: 1 for what was typed and for synonyms, less for corrections. */
  readonly weight: number;
  /** The word that was put in the place of the one typed, where this is a correction or completion. */
  readonly correction?: string;
}

/**
 * One idea of a query with everything that expresses it. Occurrences of the alternatives are summed before BM25
 * saturates them, as in Lucene's SynonymQuery: an idea said in two ways does not count twice.
 */
export interface Clause {
  /** The words of the query that this clause stands for, one bit each; used where all words are required. */
  readonly slots: number;
  /** How often the query says it. */
  readonly boost: number;
  readonly alternatives: readonly Alternative[];
  /** The words as typed, for explanations. */
  readonly label: string;
}

/** A query ready to be looked up. */
export interface QueryPlan {
  readonly clauses: readonly Clause[];
  /** Documents matching any of these are left out. */
  readonly excluded: readonly Clause[];
  /** One bit for each word that asks for something; all of them must be covered where all words are required. */
  readonly slots: number;
}
