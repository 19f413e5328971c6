/**
 * Texts that may have come as tokens. Those are of `cl100k_base`, by which clients count for OpenAI's models (LangChain
 * sends such by default); other models have others, so they become text again.
 */
export async function tokenTexts(
  input: string | readonly string[] | readonly number[] | readonly (readonly number[])[],
): Promise<string[]> {
  if (typeof input === 'string') return [input];
  const [first] = input;
  if (typeof first === 'string') return input as string[];
  const { decode } = await import('gpt-tokenizer/encoding/cl100k_base');
  const lists = typeof first === 'number' ? [input as number[]] : (input as number[][]);
  return lists.map((tokens) => decode(tokens));
}
