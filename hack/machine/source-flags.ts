/** What Node needs to run a TypeScript file of this repository as it is, its workspaces' sources included. */
export const sourceFlags: readonly string[] = [
  '--conditions=@genai-platform/source',
  '--disable-warning=ExperimentalWarning',
];
