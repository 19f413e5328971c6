import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkout } from '../machine/checkout.ts';
import type { StepContext } from '../progress/steps.ts';
import { sampleGateway, type Gateway } from './gateway.ts';
import { splitSections } from './sections.ts';

/** What was asked, and what came back, in words for a person. */
export interface Answer {
  readonly question: string;
  readonly answer: string;
}

const question = 'what to do when the anemometer has frozen';
const index = 'handbook';
const document = 'handbook.docx';
const deadlineMs = 60_000;

interface SearchReply {
  readonly data: readonly {
    readonly id: string;
    readonly score: number;
    readonly fields: { readonly title: string; readonly body: string };
  }[];
}

/** Converts a document, indexes it and finds it again, all through the gateway and with the first credential. */
export async function firstRequests(checkout: Checkout, { say, signal }: StepContext): Promise<Answer[]> {
  const gateway = await sampleGateway(checkout);
  const client = new Client(gateway, signal);
  say('waiting for the node port');
  await client.untilAnswers();
  say(`converting ${document}`);
  const markdown = await client.convert(join(import.meta.dirname, document));
  const sections = splitSections(markdown);
  say(`indexing ${String(sections.length)} sections`);
  await client.index(sections.map(({ id, title, body }) => ({ id, fields: { title, body } })));
  say('searching');
  const [best] = (await client.search(question)).data;
  if (best === undefined) throw new Error(`the search for "${question}" found nothing`);
  return [
    { question: `POST /v1/convert ${document} → Markdown`, answer: markdown.split('\n').slice(0, 5).join('\n') },
    {
      question: `POST /v1/search/indexes/${index}/search "${question}"`,
      answer: `${best.fields.title} (score ${best.score.toFixed(2)})\n${best.fields.body}`,
    },
  ];
}

class Client {
  readonly #gateway: Gateway;
  readonly #signal: AbortSignal;

  constructor(gateway: Gateway, signal: AbortSignal) {
    this.#gateway = gateway;
    this.#signal = signal;
  }

  /** A node port takes a moment to lead to a new pod. */
  async untilAnswers(): Promise<void> {
    const end = Date.now() + deadlineMs;
    for (;;) {
      try {
        await this.#send('/v1/services', {});
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await sleep(250, undefined, { signal: this.#signal });
      }
    }
  }

  async convert(file: string): Promise<string> {
    const form = new FormData();
    form.set('to', 'md');
    form.set('file', new Blob([await readFile(file)]), document);
    return await (await this.#send('/v1/convert', { method: 'POST', body: form })).text();
  }

  async index(documents: readonly object[]): Promise<void> {
    const settings = { fields: { title: { type: 'text', weight: 2 }, body: { type: 'text' } } };
    await this.#send(`/v1/search/indexes/${index}`, json('PUT', settings));
    await this.#send(`/v1/search/indexes/${index}/documents`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: documents.map((line) => `${JSON.stringify(line)}\n`).join(''),
    });
  }

  async search(q: string): Promise<SearchReply> {
    return (await (await this.#send(`/v1/search/indexes/${index}/search`, json('POST', { q }))).json()) as SearchReply;
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.#gateway.apiKey}`);
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(deadlineMs)]);
    const response = await fetch(this.#gateway.url + path, { ...init, headers, signal });
    if (response.ok) return response;
    throw new Error(`${init.method ?? 'GET'} ${path} answered ${String(response.status)}: ${await response.text()}`);
  }
}

function json(method: string, body: object): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
