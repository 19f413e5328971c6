import spec from 'commonmark-spec';
import { convertToText } from '../harness/convert.ts';

/** The specification writes tabs as arrows. */
const withTabs = (text: string): string => text.replaceAll('→', '\t');

describe('CommonMark 0.31.2', () => {
  test('has all its 652 examples', () => {
    expect(spec.tests).toHaveLength(652);
  });

  // All through the document model, so that nothing of the specification is lost in it either.
  test.each(spec.tests.map(({ number, section, markdown, html }) => [number, section, markdown, html] as const))(
    'example %i (%s) becomes the HTML of the specification',
    async (_number, _section, markdown, html) => {
      const { text } = await convertToText(withTabs(markdown), 'md', 'html', { options: { dialect: 'commonmark' } });
      expect(text).toBe(withTabs(html));
    },
  );
});
