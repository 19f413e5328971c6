import { stripVTControlCharacters } from 'node:util';
import { formatDuration } from '../duration.ts';
import { createView } from '../create-view.ts';
import type { Output } from '../view.ts';

function record(terminal: Partial<Output>): { text: () => string; output: Output } {
  const written: string[] = [];
  const write = (chunk: string): boolean => {
    written.push(chunk);
    return true;
  };
  return { text: () => written.join(''), output: { ...terminal, write } };
}

const escape = '\u001b';
const { NO_COLOR, TERM } = process.env;
beforeEach(() => {
  process.env['TERM'] = 'xterm';
  delete process.env['NO_COLOR'];
});
afterAll(() => {
  Object.assign(process.env, { ...(NO_COLOR && { NO_COLOR }), ...(TERM && { TERM }) });
});

describe('without a terminal', () => {
  test('writes plain lines, and one only for many details of the same kind', () => {
    const { text, output } = record({});
    const step = createView(output).start('Kubernetes');
    step.say('downloading a');
    step.say('downloading b');
    step.say('compiling');
    step.done();
    expect(text()).toBe('Kubernetes: downloading a\nKubernetes: compiling\nKubernetes: done in 0.0 s\n');
  });
});

describe('on a terminal', () => {
  test('replaces the line of a running step by that of an ended one', () => {
    const { text, output } = record({ isTTY: true, columns: 80 });
    const view = createView(output);
    view.start('first').done();
    view.start('second').failed();
    view.close();
    expect(text()).toContain('✓');
    expect(text()).toContain('✗');
    expect(text()).toContain(escape);
  });

  test('has no colour where NO_COLOR is set', () => {
    process.env['NO_COLOR'] = '1';
    const { text, output } = record({ isTTY: true, columns: 80 });
    createView(output).start('first').done();
    expect(text()).toBe('✓ first 0.0 s\n');
  });

  test('never writes a line that wraps', async () => {
    process.env['NO_COLOR'] = '1';
    const { text, output } = record({ isTTY: true, columns: 40 });
    const view = createView(output);
    view.start('first').say('x'.repeat(200));
    await new Promise((resolve) => setTimeout(resolve, 150));
    view.close();
    const longest = Math.max(
      ...text()
        .split('\n')
        .map((line) => stripVTControlCharacters(line).length),
    );
    expect(longest).toBeLessThan(40);
    expect(text()).toContain('…');
  });
});

test.each([
  [0.04, '0.0 s'],
  [9.96, '10 s'],
  [59.6, '1 min 00 s'],
  [185, '3 min 05 s'],
])('%d seconds read as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
