import { importCycles } from './architecture/import-cycles.ts';
import { importBreaches } from './architecture/import-rules.ts';
import { typescriptFiles } from './architecture/source-files.ts';

const files = typescriptFiles();

describe('the tree', () => {
  test('has enough files for the checks below to mean something', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  test('imports only in the directions of the table', () => {
    expect(importBreaches(files)).toEqual([]);
  });

  test('has no import cycles', () => {
    expect(importCycles(files)).toEqual([]);
  });

  test('reads the environment in config.ts alone', () => {
    const readers = files
      .filter((file) => /^(crds|cdk8s|operator|services\/[^/]+)\/src\//.test(file.path))
      .filter((file) => file.text.includes('process.env'))
      .map((file) => file.path)
      .filter((path) => !/\/config\.ts$|\/src\/testing\//.test(path));
    expect(readers).toEqual([]);
  });
});

describe('the checks notice', () => {
  const breachesOf = (path: string, text: string): string[] => importBreaches([{ path, text }]);

  test.each([
    ['a pure package that imports the operator', 'cdk8s/src/a.ts', `import { x } from '@genai-platform/operator';`],
    ['crds importing anything of ours', 'crds/src/a.ts', `export { x } from '@genai-platform/cdk8s';`],
    ['a service that imports its sibling', 'services/search/src/a.ts', `import '@genai-platform/gateway';`],
    ['a sibling reached by a relative path', 'services/search/src/a.ts', `import x from '../../gateway/src/app.ts';`],
    ['the kit knowing a service', 'services/common/src/a.ts', `import '@genai-platform/search';`],
    ['the runtime knowing our kinds', 'operator/src/runtime/a.ts', `import type { A } from '@genai-platform/crds';`],
    ['the operator carrying its tool', 'operator/src/operator.ts', `import { x } from './cli/io.ts';`],
    ['the operator carrying what its tool needs', 'operator/src/operator.ts', `import 'commander';`],
    ['the runtime reaching for our kinds', 'operator/src/runtime/a.ts', `import { x } from '../platform/kinds.ts';`],
    ['express in the operator', 'operator/src/a.ts', `import '@genai-platform/common';`],
    ['a driver in domain code', 'services/search/src/domain/a.ts', `import pg from 'pg';`],
    ['files in rendering', 'cdk8s/src/a.ts', `await import('node:fs');`],
  ])('%s', (_what, path, text) => {
    expect(breachesOf(path, text)).toHaveLength(1);
  });

  test('nothing wrong in what is allowed', () => {
    expect(breachesOf('operator/src/platform/a.ts', `import '@genai-platform/cdk8s'; import './b.ts';`)).toEqual([]);
    expect(breachesOf('operator/src/cli/a.ts', `import 'commander'; import '../runtime/index.ts';`)).toEqual([]);
    expect(breachesOf('services/search/test/a.test.ts', `import '@genai-platform/common/testing';`)).toEqual([]);
  });

  test('a circle of imports', () => {
    const circle = [
      { path: 'crds/src/a.ts', text: `import './b.ts';` },
      { path: 'crds/src/b.ts', text: `import './a.ts';` },
    ];
    expect(importCycles(circle)).toEqual([['crds/src/a.ts', 'crds/src/b.ts', 'crds/src/a.ts']]);
  });
});
