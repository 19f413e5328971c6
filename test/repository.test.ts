import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, repositoryFiles } from './architecture/source-files.ts';

interface Package {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as T;
const files = repositoryFiles();
const services = readdirSync(join(ROOT, 'services')).filter((name) =>
  existsSync(join(ROOT, 'services', name, 'package.json')),
);
const workspaces = ['crds', 'cdk8s', 'operator', ...services.map((name) => `services/${name}`)];

test('the top level holds the agreed folders and no other', () => {
  const folders = new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''));
  expect([...folders].filter((name) => !name.startsWith('.')).sort()).toEqual(
    ['cdk8s', 'charts', 'crds', 'hack', 'operator', 'services', 'test'], // prettier-ignore
  );
});

test('every workspace uses the same range of a shared dependency', () => {
  const ranges = new Map<string, Map<string, string[]>>();
  for (const workspace of ['.', ...workspaces]) {
    const { dependencies = {}, devDependencies = {} } = readJson<Package>(join(workspace, 'package.json'));
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      const users = ranges.get(name) ?? new Map<string, string[]>();
      users.set(range, [...(users.get(range) ?? []), workspace]);
      ranges.set(name, users);
    }
  }
  const split = [...ranges]
    .filter(([, users]) => users.size > 1)
    .map(([name, users]) => [name, Object.fromEntries(users)]);
  expect(split).toEqual([]);
});

test('every workspace is a project reference, so that `tsc -b` builds it', () => {
  const { references } = readJson<{ references: { path: string }[] }>('tsconfig.json');
  expect(references.map((reference) => reference.path).sort()).toEqual([...workspaces].sort());
});

test.each(services.filter((name) => name !== 'common'))('service %s has the shape of its siblings', (name) => {
  const missing = ['package.json', 'tsconfig.json', 'Dockerfile', 'README.md', 'src/main.ts', 'src/config.ts'].filter(
    (path) => !existsSync(join(ROOT, 'services', name, path)),
  );
  expect(missing).toEqual([]);
});

test('no file is named like a drawer', () => {
  const drawers = files.filter((path) =>
    /(^|\/)(utils?|helpers?|misc|common-utils|types|manager-?utils)\.ts$/.test(path),
  );
  expect(drawers).toEqual([]);
});

test('no source file names a path of one machine', () => {
  const machinePath = /(^|[^a-zA-Z0-9_.])\/(root|home\/[a-z]+|Users\/[a-z]+)\//;
  const offenders = files
    .filter((path) => /\.(ts|js|sh|md|ya?ml|go|json)$/.test(path) && path !== 'package-lock.json')
    .filter((path) => path !== 'test/repository.test.ts')
    .filter((path) => machinePath.test(readFileSync(join(ROOT, path), 'utf8')));
  expect(offenders).toEqual([]);
});
