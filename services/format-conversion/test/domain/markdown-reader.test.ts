import { convertToText } from '../harness/convert.ts';

const html = async (markdown: string): Promise<string> => (await convertToText(markdown, 'md', 'html')).text;

describe('GitHub Flavored Markdown', () => {
  test('has tables with alignment', async () => {
    expect(await html('| a | b |\n| :-: | -: |\n| 1 | x \\| y |')).toBe(
      '<table>\n<thead>\n<tr>\n<th style="text-align:center">a</th>\n<th style="text-align:right">b</th>\n</tr>\n</thead>\n' +
        '<tbody>\n<tr>\n<td style="text-align:center">1</td>\n<td style="text-align:right">x | y</td>\n</tr>\n</tbody>\n</table>\n',
    );
  });

  test('has strikethrough and task items', async () => {
    expect(await html('- [x] ~~old~~\n- [ ] new')).toBe(
      '<ul>\n<li><input type="checkbox" disabled="" checked="" /> <del>old</del></li>\n' +
        '<li><input type="checkbox" disabled="" /> new</li>\n</ul>\n',
    );
  });

  test('links addresses, but not every word with a dot', async () => {
    const text = await html('see www.example.com and https://a.example/x, not main.ts');
    expect(text).toContain('<a href="http://www.example.com">www.example.com</a>');
    expect(text).toContain('<a href="https://a.example/x">https://a.example/x</a>, not main.ts');
  });

  test('has footnotes, numbered by their first reference', async () => {
    const text = await html('A[^b] B[^a]\n\n[^a]: one\n[^b]: two');
    expect(text).toContain('<sup class="footnote-ref"><a href="#fn-1" id="fnref-1">1</a></sup>');
    expect(text.indexOf('two')).toBeLessThan(text.indexOf('one'));
  });

  test('has math between dollars, and prices', async () => {
    expect(await html('$a^2_i$ costs $5 and $10')).toBe(
      '<p><span class="math inline">\\(a^2_i\\)</span> costs $5 and $10</p>\n',
    );
    expect(await html('$$\nx < y\n$$')).toBe('<p><span class="math display">\\[x &lt; y\\]</span></p>\n');
  });

  test('takes title and language from front matter', async () => {
    const { text } = await convertToText('---\ntitle: "T & U"\nlang: de\n---\n\nText', 'md', 'html', {
      options: { standalone: true },
    });
    expect(text).toContain('<html lang="de">');
    expect(text).toContain('<title>T &amp; U</title>');
  });

  test('leaves a rule and a heading alone where front matter could be', async () => {
    expect(await html('---\n\nText')).toBe('<hr />\n<p>Text</p>\n');
  });

  test('gives raw HTML its meaning for targets that are not HTML', async () => {
    const { text } = await convertToText(
      '<div>\n\n*a*\n\n</div>\n\n<b>b</b> <table><tr><td>c</td><td>d</td></tr></table>',
      'md',
      'csv',
    );
    expect(text).toBe('c,d\r\n');
  });

  test('drops scripts in raw HTML for targets that are not HTML', async () => {
    expect((await convertToText('a <script>alert(1)</script> b', 'md', 'txt')).text).toBe('a b\n');
  });
});
