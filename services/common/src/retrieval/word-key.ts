/**
 * A key of the word dictionary: the word, a zero, and how to get from it to its term: the length of their common
 * beginning plus one, as a character, and the rest of the term. "retrieval" with the term "retriev" is
 * "retrieval\0\u0008". So an expansion knows its term without being stemmed again, which would be wrong for words
 * that lost their accents.
 */
export function wordKey(word: string, term: string): string {
  if (word === term) return `${word}\0`;
  let shared = 0;
  while (shared < word.length && word[shared] === term[shared]) shared++;
  return `${word}\0${String.fromCharCode(shared + 1)}${term.slice(shared)}`;
}

/** The word and the term of a key. */
export function parseWordKey(key: string): { word: string; term: string } {
  const end = key.indexOf('\0');
  const word = key.slice(0, end);
  if (key.length === end + 1) return { word, term: word };
  return { word, term: word.slice(0, key.charCodeAt(end + 1) - 1) + key.slice(end + 2) };
}
