import { startModelServer } from '../harness/model-server.ts';
import type { ModelServer } from '../harness/model-server.ts';
import { createRagDatabase } from '../harness/rag-database.ts';
import type { RagDatabase } from '../harness/rag-database.ts';
import { startRag } from '../harness/start-rag.ts';
import type { TestRag } from '../harness/start-rag.ts';

let database: RagDatabase;
let models: ModelServer;
let service: TestRag;

interface Citation {
  document_id: string;
  start: number;
  end: number;
  text: string;
  answer_start: number;
  answer_end: number;
}
interface Answer {
  id: string;
  text: string;
  method: string;
  model: string | null;
  refused: boolean;
  refusal: string | null;
  confidence: number;
  grounded: number;
  citations: Citation[];
  warnings: string[];
}

const KILN =
  'The kiln of Sevres was built in 1756. It reaches 1300 degrees before the clay turns to stone. Potters come from all of Europe.';
const HERON = 'The grey heron stands in shallow water. It waits for fish at dawn. Its nest is high in a tree.';

beforeAll(async () => {
  [database, models] = await Promise.all([createRagDatabase(), startModelServer()]);
  service = await startRag(database, { RAG_LLM_ROUTER_URL: models.url });
  await service.collection('docs');
  for (const text of [KILN, HERON, 'Granite is an igneous rock of quartz and feldspar. It is hard.'])
    await service.add('docs', { text });
});
afterAll(async () => {
  await service.close();
  await Promise.all([database.close(), models.close()]);
});
beforeEach(() => {
  models.intercept = undefined;
  models.said = () => [];
});

const asked = { query: 'When was the kiln of Sevres built?', collections: ['docs'], refuse_below: 0.01 };
const ask = (more: object = {}): Promise<Answer> => service.ask('POST', '/v1/rag/answer', { ...asked, ...more });

/** Every citation has to be a part of its document, and stand for a part of the answer. */
async function expectVerbatim({ citations, text }: Answer): Promise<void> {
  expect(citations.length).toBeGreaterThan(0);
  for (const citation of citations) {
    const path = `/v1/rag/collections/docs/documents/${citation.document_id}/text`;
    const { text: source } = await service.ask<{ text: string }>('GET', path);
    expect(source.slice(citation.start, citation.end)).toBe(citation.text);
    expect(text.slice(citation.answer_start, citation.answer_end).length).toBeGreaterThan(0);
  }
}

test('quotes the sources where nobody words answers, and says so', async () => {
  const answer = await ask();
  expect(answer).toMatchObject({ method: 'extractive', model: null, refused: false, grounded: 1 });
  expect(answer.text).toContain('The kiln of Sevres was built in 1756.');
  await expectVerbatim(answer);
  expect(answer.citations.map(({ text }) => text).join(' ')).toBe(answer.text);
});

test('refuses what the sources do not say, and presents nothing', async () => {
  const answer = await ask({ query: 'Which vaccine did the ministry recommend?', refuse_below: 0.3 });
  expect(answer).toMatchObject({ refused: true, method: 'none', model: null, text: '', citations: [] });
  expect(answer.refusal).toBe('the sources hold nothing that answers this');
});

test('what a model words is cited by the words of the sources, and what they do not say is left out', async () => {
  models.said = () => [
    'The kiln of Sev',
    'res was built in 1756 [1]. ',
    'It was paid for by the moon people [2]. ',
    'It was built in 1999 [1].',
  ];
  const answer = await ask({ model: 'writer' });
  expect(answer).toMatchObject({
    method: 'generative',
    model: 'writer',
    text: 'The kiln of Sevres was built in 1756.',
  });
  expect(answer.grounded).toBeCloseTo(1 / 3);
  expect(answer.citations[0]!.text).toBe('The kiln of Sevres was built in 1756.');
  await expectVerbatim(answer);
  const sent = models.asked.findLast(({ path }) => path === '/v1/chat/completions');
  expect(JSON.stringify(sent?.body)).toContain('[1]');
});

test('a model of which nothing is said by the sources is not presented', async () => {
  models.said = () => ['Moon people built it of cheese.'];
  const answer = await ask({ model: 'dreamer' });
  expect(answer).toMatchObject({ method: 'extractive', model: null });
  expect(answer.warnings).toEqual(['nothing that dreamer wrote is said by the sources: they are quoted instead']);
});

test('a model that finds no answer in the sources refuses', async () => {
  models.said = () => ['The sources do not say.'];
  expect(await ask({ model: 'writer' })).toMatchObject({ refused: true, method: 'none', text: '' });
});

test('a model that is not there is the error of who named it', async () => {
  models.intercept = ({ path }, res) => {
    if (path !== '/v1/chat/completions') return false;
    res.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"there is no model \\"x\\""}}');
    return true;
  };
  await expect(ask({ model: 'x' })).rejects.toThrow(/422 .*there is no model .*"pointer":"\/model"/);
});

test('a model that breaks off is said to have done so, in the stream too', async () => {
  models.intercept = ({ path }, res) => {
    if (path !== '/v1/chat/completions') return false;
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.end('data: {"choices":[{"index":0,"delta":{"content":"The kiln"}}]}\n\n');
    return true;
  };
  await expect(ask({ model: 'writer' })).rejects.toThrow('502');
  const { events } = await stream({ model: 'writer' });
  expect(events.map(({ event }) => event)).toEqual(['retrieval', 'error']);
});

/** As much as came before the connection broke. */
async function bodyOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>)
      text += decoder.decode(bytes, { stream: true });
  } catch {
    // Abnormal, as it has to be.
  }
  return text;
}

interface Event {
  id: number;
  event: string;
  data: Record<string, unknown>;
}

function parse(text: string): Event[] {
  return text.split('\n\n').flatMap((block) => {
    const fields = Object.fromEntries(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    return fields['data'] === undefined
      ? []
      : [
          {
            id: Number(fields['id']),
            event: fields['event'] ?? '',
            data: JSON.parse(fields['data']) as Record<string, unknown>,
          },
        ];
  });
}

async function stream(more: object = {}): Promise<{ events: Event[]; location: string }> {
  const response = await service.fetch('/v1/rag/answer', { json: { ...asked, stream: true, ...more } });
  const text = await bodyOf(response);
  return { events: parse(text), location: response.headers.get('content-location') ?? '' };
}

test('a stream can be taken up again after any of its events, on another instance as well', async () => {
  models.said = () => ['The kiln of Sevres was built in 1756 [1]. ', 'It reaches 1300 degrees [1].'];
  const { events, location } = await stream({ model: 'writer' });
  expect(events.map(({ event }) => event)).toEqual(['retrieval', 'delta', 'citation', 'delta', 'citation', 'done']);
  expect(events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  const deltas = events.filter(({ event }) => event === 'delta').map(({ data }) => data['text']);
  expect(deltas.join('')).toBe(events.at(-1)!.data['text']);
  const other = await startRag(database, {
    RAG_LLM_ROUTER_URL: models.url,
    IDENTITY_KEY_FILE: service.context.testIdentity.keyFile,
  });
  try {
    for (const instance of [service, other]) {
      const rest = await instance.fetch(`${location}/events`, { headers: { 'last-event-id': '3' } });
      expect(parse(await rest.text())).toEqual(events.slice(3));
    }
  } finally {
    await other.close();
  }
  const kept = await service.ask<{ status: string; answer: Answer }>('GET', location);
  expect([kept.status, kept.answer.text]).toEqual(['completed', deltas.join('')]);
  const { stages } = await service.ask<{ stages: { name: string }[] }>('GET', `${location}/trace`);
  expect(stages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['embedding', 'lexical', 'vector', 'assessment', 'generation']),
  );
});

test("an answer is nobody else's", async () => {
  const { id } = await ask();
  const response = await service.fetch(`/v1/rag/answers/${id}`, { as: { subject: 'eve', scopes: ['rag:read'] } });
  expect(response.status).toBe(404);
});

test('an answer whose process has died ends with an error instead of silence', async () => {
  const { id } = await ask();
  await database.admin(
    "UPDATE rag.answers SET status = 'running', alive_until = now() - interval '1 minute' WHERE id = $1",
    [id],
  );
  await database.admin("DELETE FROM rag.answer_events WHERE answer_id = $1 AND event = 'done'", [id]);
  const response = await service.fetch(`/v1/rag/answers/${id}/events`);
  const events = parse(await bodyOf(response));
  expect(events.map(({ event }) => event)).toEqual(['retrieval', 'delta', 'citation', 'error']);
});
