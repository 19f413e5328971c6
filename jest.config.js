import { availableParallelism } from 'node:os';

/**
 * Sources are ESM and run untouched in production; inside jest only, swc compiles them to CommonJS
 * (half the memory and time of jest's native ESM). `@genai-platform/source` among the conditions lets tests read every
 * workspace's src/; `import` must not be there: jest's own dependencies break with it.
 */
export default {
  globalSetup: '<rootDir>/test/harness/prepare.ts',
  globalTeardown: '<rootDir>/test/harness/tidy.ts',
  testMatch: ['<rootDir>/**/test/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/e2e/'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.hack/'],
  testEnvironmentOptions: { customExportConditions: ['@genai-platform/source', 'node', 'require', 'default'] },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'commonjs' } },
    ],
  },
  // jest's own default is one process on two cores: what a test leaves open would keep all of them from ending.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  randomize: true,
  // The last resort on a machine with much else to do: what tests wait for has limits of its own, which say what was missing.
  testTimeout: 300_000,
};
