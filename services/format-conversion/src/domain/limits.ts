/** Bounds on what one conversion may cost. They stop hostile documents before memory or the deadline does. */
export interface Limits {
  /** Sum of the uncompressed sizes of an archive's entries. */
  archiveBytes: number;
  archiveEntries: number;
  /** Uncompressed to compressed; honest office files stay under 100. */
  archiveRatio: number;
  /** Nesting of elements, lists, quotes or tables. */
  depth: number;
  /** PDF pages, slides or sheets. */
  pages: number;
  /** Cells of all tables together, after spans and repeats are expanded. */
  cells: number;
  /** Elements of one XML or HTML part. */
  elements: number;
}

export const defaultLimits: Limits = {
  archiveBytes: 256 * 1024 * 1024,
  archiveEntries: 10_000,
  archiveRatio: 200,
  depth: 200,
  pages: 2_000,
  cells: 1_000_000,
  elements: 2_000_000,
};
