import type { RootFileSystemRecipe } from '../debian/root-file-system.ts';

/** The number that the official images of PostgreSQL and Valkey give to their user, and manifests rely on. */
export const databaseUserId = 999;

/** Programs that entry points, probes and archive commands use: a shell, `cp`, `mkdir`, `setpriv`. */
const basics = ['base-files', 'coreutils', 'dash', 'libc-bin', 'util-linux', 'tzdata', 'ca-certificates', 'netbase'];

/** Their maintainer scripts do not run. */
const onlyForScripts = [
  'debconf',
  'init-system-helpers',
  'sensible-utils',
  'openssl',
  'passwd',
  'adduser',
  'libpam-modules',
];

/** PostgreSQL 17 with pgvector, 115 MB. */
export const postgresRecipe: RootFileSystemRecipe = {
  packages: ['postgresql-17', 'postgresql-17-pgvector', ...basics],
  omit: ['libllvm19', 'postgresql-common', 'postgresql-client-common', 'ssl-cert', 'locales', ...onlyForScripts],
  exclude: [
    // Without LLVM the JIT compiler and its inputs are dead weight.
    '/usr/lib/postgresql/*/lib/bitcode/*',
    '/usr/lib/postgresql/*/lib/llvmjit*',
    '/usr/share/postgresql/*/man/*',
  ],
  users: [{ name: 'postgres', id: databaseUserId, home: '/var/lib/postgresql' }],
};

/** Valkey 8 with its command line client. */
export const valkeyRecipe: RootFileSystemRecipe = {
  packages: ['valkey-server', ...basics],
  omit: onlyForScripts,
  users: [{ name: 'valkey', id: databaseUserId, home: '/data' }],
};
