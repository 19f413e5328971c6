/** Measures of the page, in points. */
export const theme = {
  pages: { a4: [595.28, 841.89], letter: [612, 792] } as const,
  margin: 64,
  body: 10.5,
  code: 9,
  note: 8.5,
  headings: [20, 16, 13.5, 12, 11, 10.5],
  /** Line height over font size. */
  leading: 1.38,
  /** Space after a block. */
  gap: 7,
  indent: 18,
  cellPadding: 4,
} as const;

export type Color = readonly [red: number, green: number, blue: number];

export const colors = {
  text: [0.1, 0.1, 0.1],
  link: [0.05, 0.3, 0.65],
  line: [0.65, 0.65, 0.65],
  shade: [0.95, 0.95, 0.95],
} as const satisfies Record<string, Color>;
