/** What models want before a text, by how they were trained; each model's own documentation says so. */
const PROMPTS: readonly { readonly model: RegExp; readonly query: string; readonly passage: string }[] = [
  // https://huggingface.co/BAAI/bge-small-en-v1.5: an instruction for queries, none for passages.
  {
    model: /(?:^|\/)bge-(?:small|base|large)-en/i,
    query: 'Represent this sentence for searching relevant passages: ',
    passage: '',
  },
  // https://huggingface.co/intfloat/e5-small-v2
  { model: /(?:^|\/)(?:multilingual-)?e5-/i, query: 'query: ', passage: 'passage: ' },
  // https://huggingface.co/nomic-ai/nomic-embed-text-v1.5
  { model: /nomic-embed-text/i, query: 'search_query: ', passage: 'search_document: ' },
];

/** A text as the model wants it, whether it asks or is to be found. */
export function promptedText(model: string, text: string, purpose: 'query' | 'passage'): string {
  return (PROMPTS.find((prompt) => prompt.model.test(model))?.[purpose] ?? '') + text;
}
