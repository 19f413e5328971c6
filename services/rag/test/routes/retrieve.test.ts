import { startModelServer } from '../harness/model-server.ts';
import type { ModelServer } from '../harness/model-server.ts';
import { createRagDatabase } from '../harness/rag-database.ts';
import type { RagDatabase } from '../harness/rag-database.ts';
import { startRag } from '../harness/start-rag.ts';
import type { TestRag } from '../harness/start-rag.ts';

let database: RagDatabase;
let models: ModelServer;
let service: TestRag;

beforeAll(async () => {
  [database, models] = await Promise.all([createRagDatabase(), startModelServer()]);
  service = await startRag(database, { RAG_LLM_ROUTER_URL: models.url });
});
afterAll(async () => {
  await service.close();
  await Promise.all([database.close(), models.close()]);
});
beforeEach(() => {
  models.intercept = undefined;
});

const texts = [
  'The heron stands in the shallow water and waits for fish.',
  'Granite is an igneous rock of quartz and feldspar.',
  'The kiln reaches twelve hundred degrees before the clay turns to stone.',
  'A lighthouse keeper trims the lamp at dusk.',
];

async function filled(name: string, settings: object = {}): Promise<void> {
  await service.collection(name, settings);
  await Promise.all(
    texts.map((text, i) => service.add(name, { id: `d${i}`, text, metadata: { n: i, even: i % 2 === 0 } })),
  );
}

test('finds by words and vectors what was taken in, and says what each leg says', async () => {
  await filled('birds');
  const found = await service.retrieve({ query: 'heron and fish', collections: ['birds'], top_k: 2 });
  expect(found.data.map(({ external_id }) => external_id)[0]).toBe('d0');
  expect(found.data[0]!.scores.lexical).toBeGreaterThan(0);
  expect(found.data[0]!.scores.vector).toBeGreaterThan(0.2);
  expect(found.data[0]!.text).toBe(texts[0]);
  expect(found.warnings).toEqual([]);
});

test('each mode looks at its own leg alone', async () => {
  await filled('modes');
  const lexical = await service.retrieve({ query: 'granite', collections: ['modes'], mode: 'lexical' });
  expect(lexical.data.map(({ external_id, scores }) => [external_id, scores.vector])).toEqual([['d1', null]]);
  const vector = await service.retrieve({ query: 'granite', collections: ['modes'], mode: 'vector' });
  expect(vector.data).toHaveLength(4);
  expect(vector.data[0]).toMatchObject({ external_id: 'd1', scores: { lexical: null } });
});

test('a trace names the stages in their order', async () => {
  await filled('traced');
  const asked = { query: 'kiln', collections: ['traced'] };
  const { trace } = await service.ask<{ trace: { name: string }[] }>('POST', '/v1/rag/retrieve?trace=true', asked);
  expect(trace.map(({ name }) => name)).toEqual(["collections", "embedding", "index", "lexical", 'vector', 'fusion', 'passages']); // prettier-ignore
});

test('what stays as it is is searched while it is looked up; what has changed since is searched again', async () => {
  await filled('steady');
  const ask = async (): Promise<{ ids: (string | null)[]; starts: number[]; foundOut: number }> => {
    const asked = { query: 'lighthouse keeper', collections: ['steady'], mode: 'lexical' };
    const { data, trace } = await service.ask<Traced>('POST', '/v1/rag/retrieve?trace=true', asked);
    const [{ started_ms, duration_ms }] = trace.filter(({ name }) => name === 'collections') as [
      Traced['trace'][number],
    ];
    const starts = trace.filter(({ name }) => name === 'lexical').map((stage) => stage.started_ms);
    return { ids: data.map(({ external_id }) => external_id), starts, foundOut: started_ms + duration_ms };
  };
  await ask();
  await ask();
  const steady = await ask();
  expect(steady.ids).toEqual(['d3']);
  expect(steady.starts).toHaveLength(1);
  expect(steady.starts[0]).toBeLessThan(steady.foundOut);

  await service.ask('DELETE', '/v1/rag/collections/steady/documents/d3');
  const changed = await ask();
  expect(changed.ids).toEqual([]);
  expect(changed.starts).toHaveLength(2);
  expect(changed.starts[1]).toBeGreaterThanOrEqual(changed.foundOut);

  for (let i = 0; i < 3; i++) await ask();
  await service.ask('DELETE', '/v1/rag/collections/steady');
  await expect(ask()).rejects.toThrow('404');
  await service.collection('steady');
  await service.add('steady', { id: 'd7', text: 'Another lighthouse has no keeper.' });
  expect((await ask()).ids).toEqual(['d7']);
});

interface Traced {
  data: { external_id: string | null }[];
  trace: { name: string; started_ms: number; duration_ms: number }[];
}

test('a filter is met by everything that is found', async () => {
  await filled('filtered');
  const find = async (filter: object): Promise<unknown[]> =>
    (await service.retrieve({ query: 'the lamp of a heron', collections: ['filtered'], filter })).data
      .map(({ external_id }) => external_id)
      .sort();
  expect(await find({ op: 'eq', field: 'even', value: true })).toEqual(['d0', 'd2']);
  expect(await find({ op: 'gte', field: 'n', value: 2 })).toEqual(['d2', 'd3']);
  expect(await find({ op: 'not', filter: { op: 'in', field: 'n', values: [0, 1, 2] } })).toEqual(['d3']);
  expect(await find({ op: 'eq', field: 'missing', value: 1 })).toEqual([]);
});

test('what is removed is not found by the next query, on another instance either', async () => {
  await filled('removed');
  const other = await startRag(database, { RAG_LLM_ROUTER_URL: models.url, IDENTITY_KEY_FILE: service.context.testIdentity.keyFile }); // prettier-ignore
  try {
    const asked = { query: 'lighthouse keeper', collections: ['removed'] };
    for (const instance of [service, other]) expect((await instance.retrieve(asked)).data[0]!.external_id).toBe('d3');
    await service.ask('DELETE', '/v1/rag/collections/removed/documents/d3');
    for (const instance of [service, other]) {
      const { data } = await instance.retrieve(asked);
      expect(data.map(({ external_id }) => external_id)).not.toContain('d3');
    }
    const id = await other.add('removed', { id: 'd9', text: 'The lighthouse keeper has come back.' });
    for (const instance of [service, other]) expect((await instance.retrieve(asked)).data[0]!.document_id).toBe(id);
  } finally {
    await other.close();
  }
});

test('a document of the same id takes the place of the older one at once', async () => {
  await filled('replaced');
  await service.add('replaced', { id: 'd1', text: 'Basalt is a dark volcanic rock.' });
  const { data } = await service.retrieve({ query: 'igneous quartz rock', collections: ['replaced'], mode: 'lexical' });
  expect(data.map(({ text }) => text)).toEqual(['Basalt is a dark volcanic rock.']);
});

test('the same content is not taken in twice, and its metadata are the latest', async () => {
  await service.collection('twice');
  const first = await service.add('twice', { text: texts[0], metadata: { seen: 1 } });
  expect(await service.add('twice', { text: texts[0], metadata: { seen: 2 } })).toBe(first);
  const { data } = await service.retrieve({
    query: 'heron',
    collections: ['twice'],
    filter: { op: 'eq', field: 'seen', value: 2 },
  });
  expect(data).toHaveLength(1);
});

test('a leg that fails is left out of hybrid retrieval, in so many words', async () => {
  await filled('degraded');
  models.intercept = (_asked, res) => {
    res.writeHead(500).end('{}');
    return true;
  };
  const found = await service.retrieve({ query: 'granite rocks', collections: ['degraded'] });
  expect([found.data[0]!.external_id, found.legs]).toEqual(['d1', 'lexical']);
  expect(found.warnings).toEqual(['the query could not be embedded by bge-small-en-v1.5: found by words alone']);
  await expect(service.retrieve({ query: 'granite rocks', collections: ['degraded'], mode: 'vector' })).rejects.toThrow(
    '502',
  );
});

test('a reranker decides the order, and is named; without one the encoder does, and is named as what it is', async () => {
  await filled('reranked');
  const asked = { query: 'clay turns to stone', collections: ['reranked'] };
  const model = await service.retrieve({ ...asked, rerank: { model: 'cross-encoder' } });
  expect([model.reranker, model.data[0]!.external_id, model.data[0]!.scores.rerank]).toEqual([
    'cross-encoder',
    'd2',
    1,
  ]);
  expect(await service.retrieve({ ...asked, rerank: true })).toMatchObject({ reranker: 'embedding-similarity' });
});

test('passages that say the same come once before the others when they have to be unlike', async () => {
  await service.collection('same');
  for (const n of [1, 2, 3]) await service.add('same', { text: `Herons eat fish ${'!'.repeat(n)}` });
  await service.add('same', { text: 'Herons nest in colonies of many pairs in tall trees.' });
  const asked = { query: 'herons eat fish', collections: ['same'], top_k: 2 };
  const plain = await service.retrieve(asked);
  const spread = await service.retrieve({ ...asked, mmr: { lambda: 0.3 } });
  expect(plain.data.map(({ text }) => text.startsWith('Herons eat'))).toEqual([true, true]);
  expect(spread.data.map(({ text }) => text.startsWith('Herons eat'))).toEqual([true, false]);
});

test('a vector that is given is used as it is, and refused where it does not fit', async () => {
  await filled('given');
  const before = models.asked.length;
  const asked = { query: 'heron', collections: ['given'] };
  expect((await service.retrieve({ ...asked, vector: Array.from({ length: 64 }, () => 1) })).data).toHaveLength(4);
  expect(models.asked.length).toBe(before);
  await expect(service.retrieve({ ...asked, vector: [1, 2] })).rejects.toThrow('"pointer":"/vector"');
});

test('several collections are ranked together, and one that is missing is named by its place', async () => {
  await filled('here');
  await service.collection('there');
  await service.add('there', { id: 'far', text: 'A heron on the kiln.' });
  const { data } = await service.retrieve({ query: 'heron kiln', collections: ['here', 'there'] });
  expect(data[0]!.external_id).toBe('far');
  expect(data.length).toBeGreaterThan(2);
  await expect(service.retrieve({ query: 'x', collections: ['here', 'nowhere'] })).rejects.toThrow('/collections/1');
});
