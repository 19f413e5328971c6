import { posix } from 'node:path';
import ts from 'typescript';

/** A source file: its path from the repository's root, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A zone of the tree and what of ours it may import. The longest matching prefix decides. */
interface Zone {
  readonly folder: string;
  readonly mayImport: readonly string[];
}

const SCOPE = '@genai-platform/';

/**
 * Who may import whom: one line a zone. `*` in `mayImport` allows every workspace.
 * Third-party packages are not the table's business, but for `BANNED_PACKAGES` below.
 */
export const ZONES: readonly Zone[] = [
  { folder: 'crds/src', mayImport: [] },
  { folder: 'cdk8s/src', mayImport: ['crds'] },
  { folder: 'operator/src', mayImport: ['crds', 'cdk8s', 'common/core'] },
  { folder: 'operator/src/runtime', mayImport: ['common/core'] },
  { folder: 'services/common/src', mayImport: [] },
  { folder: 'services', mayImport: ['common', 'common/core', 'common/retrieval'] },
  { folder: 'crds/test', mayImport: ['crds'] },
  { folder: 'cdk8s/test', mayImport: ['crds', 'cdk8s'] },
  { folder: 'operator/test', mayImport: ['crds', 'cdk8s', 'operator', 'common/core', 'common/testing'] },
  { folder: 'hack', mayImport: ['*'] },
  { folder: 'test', mayImport: ['*'] },
];

/** Folders whose files decide and compute, and so must not know transports or drivers. */
const BANNED_PACKAGES: readonly { folder: RegExp; packages: RegExp; why: string }[] = [
  {
    folder: /^services\/[^/]+\/src\/domain\//,
    packages: /^(express|pg|ioredis|ws)$/,
    why: 'domain code knows no transport or driver',
  },
  {
    folder: /^(crds|cdk8s)\/src\//,
    packages: /^(node:fs|node:net|node:http|undici|@kubernetes\/)/,
    why: 'rendering is pure',
  },
  { folder: /^operator\/src\//, packages: /^express$/, why: 'the operator serves no API' },
  {
    folder: /^operator\/src\/(?!cli\/)/,
    packages: /^(commander|tar-stream|@bomb\.sh\/)/,
    why: 'the operator does not carry its command-line tool',
  },
];

/** The zone that a file belongs to, or undefined for files outside every zone. */
function zoneOf(path: string): Zone | undefined {
  return ZONES.filter((zone) => path.startsWith(`${zone.folder}/`)).sort(
    (a, b) => b.folder.length - a.folder.length,
  )[0];
}

/** The workspace folder of a path: `services/search`, `operator`, `hack` … */
function workspaceOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'services' ? `${first}/${second}` : first;
}

/** The specifiers that a file imports, re-exports or imports dynamically. */
export function importsOf(file: SourceFile): string[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map((imported) => imported.fileName);
}

function workspaceBreach(file: SourceFile, specifier: string, zone: Zone): string | undefined {
  const target = specifier.slice(SCOPE.length);
  const own = workspaceOf(file.path).replace(/^services\//, '');
  const allowed = zone.mayImport.includes('*') || zone.mayImport.includes(target) || ownTest(file.path, own, target);
  return allowed ? undefined : `${file.path} imports ${specifier}; ${zone.folder} may import ${listed(zone.mayImport)}`;
}

/** A service's tests may use the service itself and the kit's test half. */
function ownTest(path: string, own: string, target: string): boolean {
  const isServiceTest = /^services\/[^/]+\/test\//.test(path);
  return isServiceTest && (target === own || target.startsWith(`${own}/`) || target === 'common/testing');
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing of ours' : names.join(', ');
}

/** Inside a workspace: folders that must not know others of it. */
const INNER: readonly { folder: RegExp; mayNotImport: RegExp; why: string }[] = [
  {
    folder: /^operator\/src\/(?!cli\/)/,
    mayNotImport: /^operator\/src\/cli\//,
    why: 'the operator does not carry its command-line tool',
  },
  {
    folder: /^operator\/src\/runtime\//,
    mayNotImport: /^operator\/src\/(?!runtime\/)/,
    why: 'the runtime knows no kind of ours',
  },
];

function innerBreach(file: SourceFile, target: string): string | undefined {
  const rule = INNER.find(({ folder, mayNotImport }) => folder.test(file.path) && mayNotImport.test(target));
  return rule && `${file.path} imports ${target}: ${rule.why}`;
}

/** Folders that tests of every workspace may reach by a relative path: they belong to no workspace. */
const SHARED_TEST_FOLDERS = /^(test|hack)\//;

/** Measurements start services the way their tests do. */
const TEST_HARNESS = /\/test\/(.+\/)?harness\//;

function relativeBreach(file: SourceFile, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(file.path), specifier);
  if (workspaceOf(target) === workspaceOf(file.path)) return innerBreach(file, target);
  const isTest = /(^|\/)test\//.test(file.path);
  const mayRoam = ['hack', 'test'].includes(workspaceOf(file.path));
  const shared = SHARED_TEST_FOLDERS.test(target);
  if ((mayRoam && (shared || TEST_HARNESS.test(target))) || (isTest && shared)) return undefined;
  return `${file.path} reaches into ${target} by a relative path; import the workspace by its name`;
}

function packageBreach(file: SourceFile, specifier: string): string | undefined {
  const rule = BANNED_PACKAGES.find((ban) => ban.folder.test(file.path) && ban.packages.test(specifier));
  return rule && `${file.path} imports ${specifier}: ${rule.why}`;
}

/** Every import that the table does not allow, as sentences. */
export function importBreaches(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const zone = zoneOf(file.path);
    if (!zone) return [];
    return importsOf(file).flatMap((specifier) => {
      if (specifier.startsWith('.')) return relativeBreach(file, specifier) ?? [];
      if (specifier.startsWith(SCOPE)) return workspaceBreach(file, specifier, zone) ?? [];
      return packageBreach(file, specifier) ?? [];
    });
  });
}
