import type { Json } from '../harness/json-reply.ts';
import { askByPython, pythonClients } from './python-client.ts';
import { startScriptedRouter } from './scripted-router.ts';
import type { ScriptedRouter } from './scripted-router.ts';

const INSTALL_MS = 300_000;

let scripted: ScriptedRouter;
/** What the clients made of each case; undefined where there is no Python. */
let found: Json;
beforeAll(async () => {
  const python = await pythonClients();
  scripted = await startScriptedRouter();
  if (python !== undefined) found = await askByPython(python, scripted);
}, INSTALL_MS);
afterAll(() => scripted.close());

/** Where there is no Python, which has been said, the test says nothing. */
function understood(name: string, expected: unknown): void {
  if (found !== undefined) expect(found[name]).toEqual(expected);
}

/** Vectors of the model's size, the same ones as by another way of asking. */
const sameVectors = { sizes: [384, 384], difference: expect.closeTo(0, 6) as number };

describe('the client openai for Python', () => {
  test('completes', () => {
    understood('chat', { text: 'It rains.', tokens: 14 });
  });

  test('streams, with usage', () => {
    understood('stream', { text: 'It rains.', tokens: 12 });
  });

  test('puts streamed calls of tools together', () => {
    understood('tools', [
      ['weather', '{"city":"Oslo"}'],
      ['time', '{}'],
    ]);
  });

  test('embeds by its default, which is base64, as it does by numbers', () => {
    understood('embeddings', sameVectors);
  });

  test('knows errors by their status', () => {
    understood('errors', {
      'unknown model': ['NotFoundError', 404, 'model'],
      'wrong request': ['BadRequestError', 400, 'temperature'],
      'no key': ['AuthenticationError', 401, null],
    });
  });

  test('does not try again where a budget is used up', async () => {
    understood('budget', { code: 'llm_limit_exceeded', should_retry: 'false' });
    expect(await refusals()).toBe(found === undefined ? 0 : 1);
  });
});

describe('LangChain for Python', () => {
  test('invokes, streams and binds tools', () => {
    understood('langchain', {
      invoked: 'It rains.',
      streamed: 'It rains.',
      calls: [['weather', { city: 'Oslo' }]],
    });
  });

  test('embeds by its default, which is tokens, as it does by texts', () => {
    understood('langchain_embeddings', sameVectors);
  });
});

/** Requests that were answered with 429, by the router's own count. */
async function refusals(): Promise<number> {
  const text = await (await scripted.router.fetch('/metrics')).text();
  const [, count = '0'] = /http_request_duration_seconds_count\{[^}]*status="429"[^}]*\} (\d+)/.exec(text) ?? [];
  return Number(count);
}
