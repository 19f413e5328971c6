import { chown, copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedRoot, type CachedRoot } from '../debian/cached-root.ts';
import type { RootFileSystemRecipe } from '../debian/root-file-system.ts';
import { checkoutRoot } from '../machine/checkout.ts';

/** The number of the user that distroless images call `nonroot`. */
const nonrootId = 65532;

/** What the program `node` and TLS, DNS and time zones need; no shell, no package manager. */
const recipe: RootFileSystemRecipe = {
  packages: ['base-files', 'libc6', 'libstdc++6', 'libgcc-s1', 'libatomic1', 'ca-certificates', 'netbase', 'tzdata'],
  omit: ['debconf', 'openssl'],
  users: [{ name: 'nonroot', id: nonrootId, home: '/home/nonroot' }],
};

const nodePackage = join(checkoutRoot, 'node_modules/node');

/**
 * A root file system like that of `gcr.io/distroless/nodejs24-debian13`, made of Debian's packages and the `node` of
 * the npm package: `/nodejs/bin/node`, the libraries it needs, and the user `nonroot`.
 */
export function nodeRoot(say: (what: string) => void): Promise<CachedRoot> {
  return cachedRoot('node', recipe, say, {
    files: [import.meta.filename, join(nodePackage, 'package.json')],
    add: async (root) => {
      await mkdir(join(root, 'nodejs/bin'), { recursive: true });
      await copyFile(join(nodePackage, 'bin/node'), join(root, 'nodejs/bin/node'));
      await mkdir(join(root, 'home/nonroot'), { mode: 0o700 });
      await chown(join(root, 'home/nonroot'), nonrootId, nonrootId);
      await writeCertificates(root);
    },
  });
}

/** The package's script would collect them into the one file that programs read. */
async function writeCertificates(root: string): Promise<void> {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const names = (await readdir(folder)).sort();
  const certificates = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  await mkdir(join(root, 'etc/ssl/certs'), { recursive: true });
  await writeFile(join(root, 'etc/ssl/certs/ca-certificates.crt'), certificates.join(''));
}
