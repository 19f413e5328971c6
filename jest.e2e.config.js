import base from './jest.config.js';

/** The end-to-end tests: they need the cluster that `hack/test` brings up for them, and run one after the other. */
export default {
  ...base,
  globalSetup: undefined,
  globalTeardown: undefined,
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  randomize: false,
  maxWorkers: 1,
  testTimeout: 300_000,
};
