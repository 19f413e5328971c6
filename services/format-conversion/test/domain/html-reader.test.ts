import { convertToText } from '../harness/convert.ts';

const md = async (source: string): Promise<string> => (await convertToText(source, 'html', 'md')).text.trimEnd();

describe('HTML', () => {
  test.each([
    ['collapses white space as browsers do', '<p> a\n  <b> b </b>\tc </p>', 'a **b** c'],
    ['reads blocks inside links', '<a href="/x"><h2>T</h2><p>p</p></a>', '## [T](/x)\n\n[p](/x)'],
    [
      'reads nested and misplaced lists',
      '<ul><li>a<ol start=3><li>b</li></ol></li><ul><li>c</li></ul></ul>',
      '- a\n\n  3. b\n\n  - c',
    ],
    ['reads code with its language', '<pre><code class="language-ts">a &lt; b\n</code></pre>', '```ts\na < b\n```'],
    [
      'reads formatting from inline styles',
      '<span style="font-weight:700">b</span> <span style="font-style: italic">i</span>',
      '**b** *i*',
    ],
    [
      'leaves out what is hidden',
      '<p>a<span hidden>x</span><span style="display:none">y</span><script>z</script></p>',
      'a',
    ],
    ['reads definitions as a list', '<dl><dt>T</dt><dd>one</dd><dd>two</dd></dl>', '- **T**\n  - one\n  - two'],
    ['keeps line breaks', 'a<br>b', 'a  \nb'],
    [
      'takes formulas from their TeX annotation',
      '<span class="katex"><math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math></span>',
      '$x^2$',
    ],
    ['reads quotes and rules', '<blockquote><p>q</p></blockquote><hr>', '> q\n\n---'],
    [
      'reads task items',
      '<ul><li><input type=checkbox checked> a</li><li><label><input type=checkbox> b</label></li></ul>',
      '- [x] a\n- [ ] b',
    ],
    ['reads text outside of any element', 'bare <em>text</em>', 'bare *text*'],
  ])('%s', async (_what, source, expected) => {
    expect(await md(source)).toBe(expected);
  });

  test('reads head, body and foot of tables in reading order, with captions', async () => {
    const source =
      '<table><caption>Cap</caption><tfoot><tr><td>f</td></tr></tfoot><thead><tr><th>h</th></tr></thead><tr><td>b</td></tr></table>';
    expect(await md(source)).toBe('Cap\n\n| h |\n| - |\n| b |\n| f |');
  });

  test('finds footnotes as other converters leave them', async () => {
    const source =
      'A<sup><a href="#fn1" id="r1">1</a></sup><section class="footnotes"><ol><li id="fn1"><p>N <a href="#r1">↩</a></p></li></ol></section>';
    expect(await md(source)).toBe('A[^fn1]\n\n[^fn1]: N');
  });

  test('resolves links against the page', async () => {
    const { text } = await convertToText('<a href="../b">x</a>', 'html', 'md', {
      options: { baseUrl: 'https://e.example/a/c/d' },
    });
    expect(text).toBe('[x](https://e.example/a/b)\n');
  });

  test('reads the encoding that a page declares when its bytes leave it open', async () => {
    const source = Buffer.from('<meta charset="iso-8859-2"><p>\u0141ód\u017a</p>', 'utf8').toString();
    const bytes = Buffer.from(
      [...source].map(
        (character) => ({ '\u0141': 0xa3, '\u017a': 0xbc, ó: 0xf3 })[character] ?? character.charCodeAt(0),
      ),
    );
    expect((await convertToText(bytes, 'html', 'txt')).text).toBe('Łódź\n');
  });
});
