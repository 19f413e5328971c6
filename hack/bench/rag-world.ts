/** What the RAG benchmark searches: public texts with their real embeddings, and more that are made from them. */
import { existsSync } from 'node:fs';
import { seededDice } from '../../operator/test/harness/seeded-dice.ts';
import type { EmbeddedDocument } from '../../services/rag/test/harness/fill-collection.ts';
import { promptedText, sentencesOf } from '../../services/rag/test/harness/texts.ts';
import type { TestRouter } from '../../services/llm-router/test/harness/start-router.ts';
import { startEmbeddingCache } from '../evaluate/embedding-cache.ts';
import { findQuestions, readQuestions } from '../evaluate/rag-questions.ts';
import { findCollections, readCollection } from '../evaluate/search-collection.ts';
import { AdvisedError } from '../machine/advice.ts';
import { sayProgress } from '../progress/counter.ts';

export const MODEL = 'bge-small-en-v1.5';
const BATCH = 64;
/** Characters: rows of numbers have a token for each two or three. */
const LONGEST = 1_000;
/** How far a vector that is made lies from the real one it is made from: a cosine of about 0.85. */
const SPREAD = 0.7;

export interface RagWorld {
  readonly documents: readonly EmbeddedDocument[];
  readonly questions: readonly { readonly text: string; readonly vector: Float32Array }[];
  /** How many of the documents' vectors are real embeddings. */
  readonly real: number;
}

/**
 * Paragraphs of all data in SQuAD's format and documents of all test collections, each as one chunk, and the questions of
 * the former. Further chunks have sentences of several of them, and the vector of one, moved by the difference of two
 * others: so they lie as real ones do, which noise in all directions would not.
 */
export async function makeRagWorld(count: number, data: string, router: TestRouter): Promise<RagWorld> {
  const { passages, questions } = readTexts(data);
  const taken = passages.slice(0, count);
  const embed = await embedder(router);
  try {
    const known = await embed.all(taken.map((text) => promptedText(MODEL, text, 'passage')));
    const asked = await embed.all(questions.map((text) => promptedText(MODEL, text, 'query')));
    const random = seededDice(7);
    const make = maker(taken, known, random);
    const documents = Array.from({ length: count }, (_unused, i): EmbeddedDocument => ({
      ...(i < taken.length ? { text: taken[i] as string, vector: known[i] as Float32Array } : make()),
      id: `doc_${i}`,
      metadata: { percent: i % 100, fifth: i % 20 },
    }));
    const shuffled = questions.map((text, i) => ({ text, vector: asked[i] as Float32Array, order: random() }));
    return { documents, questions: shuffled.sort((a, b) => a.order - b.order), real: taken.length };
  } finally {
    await embed.close();
  }
}

function readTexts(data: string): { passages: string[]; questions: string[] } {
  const squads = existsSync(data) ? findQuestions(data).map(readQuestions) : [];
  const questions = squads.flatMap((squad) => squad.questions.map(({ text }) => text));
  if (questions.length === 0) {
    throw new AdvisedError('there are no questions to ask', `Put data in SQuAD's format into a folder under ${data}.`);
  }
  const judged = findCollections(data).flatMap((folder) => readCollection(folder, { prose: true }).documents);
  const passages = [
    ...squads.flatMap(({ paragraphs }) => paragraphs),
    ...judged.map(({ title, text }) => `${title}\n\n${text}`),
  ].map((text) => text.trim().slice(0, LONGEST));
  return { passages: [...new Set(passages)].filter((text) => text !== ''), questions: [...new Set(questions)] };
}

interface Embed {
  all(texts: readonly string[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

async function embedder(router: TestRouter): Promise<Embed> {
  const cache = await startEmbeddingCache(() => Promise.resolve(router.url));
  const identity = router.context.testIdentity;
  return {
    close: () => cache.close(),
    all: async (texts) => {
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += BATCH) {
        sayProgress(`embedding ${from} of ${texts.length} texts`);
        const input = texts.slice(from, from + BATCH);
        const reply = await fetch(`${cache.url}/v1/embeddings`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${await identity.token('llm-router')}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ model: MODEL, input }),
        });
        if (!reply.ok) throw new Error(`the router did not embed: ${reply.status} ${await reply.text()}`);
        const { data } = (await reply.json()) as { data: { embedding: string }[] };
        for (const { embedding } of data) vectors.push(floatsOf(embedding));
      }
      return vectors;
    },
  };
}

function floatsOf(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

type Made = () => { text: string; vector: Float32Array };

function maker(texts: readonly string[], vectors: readonly Float32Array[], random: () => number): Made {
  const sentences = texts.map((text) => sentencesOf(text).map(({ start, end }) => text.slice(start, end)));
  const any = (below: number): number => Math.floor(random() * below);
  const sentence = (from: readonly string[]): string => from[any(from.length)] ?? '';
  return () => {
    const base = any(texts.length);
    const others = Array.from({ length: 1 + any(4) }, () => sentence(sentences[any(texts.length)] ?? []));
    const text = [sentence(sentences[base] ?? []), ...others].join(' ').slice(0, LONGEST);
    const [from, to] = [vectors[any(texts.length)], vectors[any(texts.length)]] as [Float32Array, Float32Array];
    const moved = (vectors[base] as Float32Array).map(
      (value, i) => value + SPREAD * ((to[i] as number) - (from[i] as number)),
    );
    return { text, vector: unit(moved) };
  };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}
