import fc from 'fast-check';
import { ChunkReader } from '../../src/providers/openai/chunk-reader.ts';
import { ProviderError } from '../../src/providers/provider-error.ts';

const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' };
const said = (content: string): string =>
  JSON.stringify({ ...head, choices: [{ index: 0, delta: { content }, finish_reason: null }], usage: null });

/** A reader that has seen how this provider words a piece of text. */
function taught(example = said('Hello')): ChunkReader<never> {
  const reader = new ChunkReader<never>();
  reader.read(example);
  return reader;
}

describe('events of a stream', () => {
  test('that differ in their text alone are passed on unparsed, and have the same value as if parsed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (content) => {
        const event = taught().read(said(content));
        expect(event).toMatchObject({ isText: true, text: said(content), value: JSON.parse(said(content)) });
      }),
    );
  });

  test('of text completions are known as well', () => {
    const text = (piece: string): string => JSON.stringify({ ...head, choices: [{ index: 0, text: piece }] });
    expect(taught(text('a')).read(text('b'))).toMatchObject({ isText: true, value: { choices: [{ text: 'b' }] } });
  });

  test.each([
    ['that ends', JSON.stringify({ ...head, choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }] })],
    ['with usage', JSON.stringify({ ...head, choices: [], usage: { total_tokens: 1 } })],
    [
      'with a call',
      JSON.stringify({ ...head, choices: [{ index: 0, delta: { tool_calls: [] }, finish_reason: null }] }),
    ],
    ['whose text would end the string', said('x').replace('"x"', '"","a":"x"')],
  ])('%s are parsed', (_what, data) => {
    const event = taught().read(data);
    expect(event.isText).toBeUndefined();
    expect(event.value).toEqual(JSON.parse(data));
  });

  test('never get by with what is no JSON, whatever is in the place of their text', () => {
    const [before = '', after = ''] = said('§').split('§');
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('\\', '"', 'u', 'n', '0', '\n', ',') })),
        (middle) => {
          const data = before + middle + after;
          if (isJson(data)) taught().read(data);
          else expect(() => taught().read(data)).toThrow(ProviderError);
        },
      ),
    );
  });

  test('with more than one place for a text are parsed, all of them', () => {
    const both = JSON.stringify({ ...head, choices: [{ index: 0, delta: { content: 'a', x: { content: 'a' } } }] });
    expect(taught(both).read(both).isText).toBeUndefined();
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
