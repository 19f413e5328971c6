import { parseObject } from '../http/reply-body.ts';
import { ProviderError } from '../provider-error.ts';
import type { Worded } from '../provider.ts';

/** What every event of a completion has. */
export interface Chunk {
  readonly choices: readonly {
    readonly finish_reason?: string | null;
    readonly delta?: { readonly content?: unknown };
    readonly text?: unknown;
  }[];
  readonly usage?: object | null;
}

/** As much as can stand between the quotes of a JSON string (RFC 8259, 7). */
const STRING = /(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y; // eslint-disable-line no-control-regex
const TO_ITS_END = /(?:[^"\\]|\\.)*/y;
const OPENINGS = ['"content":"', '"text":"'] as const;
/** A provider whose events differ in more than their text (in a random filler, for one) is not looked at longer. */
const MOST_LESSONS = 3;
/** Nor is a longer event, in characters: a piece of text is a few. */
const LONGEST = 16_384;

/**
 * Reads the events of one stream. Most of them are the same but for a piece of text: where all around that is as it was
 * in an event that has been parsed, and the piece is a JSON string, the event is valid JSON of the same meaning, and is
 * parsed only when somebody asks for its value.
 */
export class ChunkReader<C extends Chunk> {
  #before = '';
  #after = '';
  #lessons = 0;

  /** @throws ProviderError for what is no piece of a completion */
  read(data: string): Worded<C> {
    if (data.length <= LONGEST && this.#isKnown(data)) return new TextChunk<C>(data);
    const value = toChunk<C>(data);
    if (data.includes('\n')) return { value, text: JSON.stringify(value) };
    if (data.length <= LONGEST && this.#lessons < MOST_LESSONS && !endsOrCounts(value)) this.#learn(data, value);
    return { value, text: data };
  }

  #isKnown(data: string): boolean {
    const [before, after] = [this.#before, this.#after];
    if (before === '' || data.length < before.length + after.length) return false;
    if (!data.startsWith(before) || !data.endsWith(after)) return false;
    STRING.lastIndex = before.length;
    STRING.test(data);
    return STRING.lastIndex === data.length - after.length;
  }

  #learn(data: string, { choices: [choice] }: C): void {
    this.#lessons += 1;
    const said = choice?.delta?.content ?? choice?.text;
    const place = OPENINGS.map((opening) => placeOf(opening, data)).find((found) => found?.value === said);
    if (place === undefined) return;
    this.#before = data.slice(0, place.start);
    this.#after = data.slice(place.end);
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

/** The string that begins with `opening`, where there is just one that does. */
function placeOf(opening: string, data: string): Place | undefined {
  const start = data.indexOf(opening) + opening.length;
  if (start < opening.length || data.includes(opening, start)) return undefined;
  TO_ITS_END.lastIndex = start;
  const inside = TO_ITS_END.exec(data)?.[0] ?? '';
  return { start, end: start + inside.length, value: JSON.parse(`"${inside}"`) };
}

/** An event that says a piece of text and nothing else; `value` is parsed when it is first asked for. */
class TextChunk<C> implements Worded<C> {
  readonly text: string;
  readonly isText = true;
  #value: C | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get value(): C {
    return (this.#value ??= JSON.parse(this.text) as C);
  }
}

function endsOrCounts({ choices, usage }: Chunk): boolean {
  return (usage ?? undefined) !== undefined || choices.length !== 1 || typeof choices[0]?.finish_reason === 'string';
}

function toChunk<C>(data: string): C {
  const value = parseObject(data);
  if ('error' in value)
    throw new ProviderError({ kind: 'unavailable', detail: 'the provider reported an error in the stream' });
  if (!Array.isArray(value['choices']))
    throw new ProviderError({ kind: 'protocol', detail: 'an event has no choices' });
  return value as C;
}
