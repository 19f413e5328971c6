import { mkdir, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { AdvisedError } from './advice.ts';
import { cacheRoot, cached } from './cache.ts';
import { download } from './download.ts';
import { exec, type ExecOptions } from './exec.ts';
import { unzip } from './unzip.ts';

/** The oldest Go that the modules built here accept, and the one that is fetched where none is installed. */
const minimum = [1, 25] as const;
const fetched = '1.26.8';

/** SHA-256 of the toolchain as a module, per architecture. */
const checksums: Readonly<Record<string, string>> = {
  amd64: '30c2b1bf7dcc88d3eb0a1364e47ddd9128edb3110a30e8a0ef61cd5856b31de7',
  arm64: '02b36b6787b3ac767668f630e2998df45a3b1f9ffee08d1bf3ef6487cd658d99',
};

const defaultProxy = 'https://proxy.golang.org';

/** How a build reports and where it logs. */
export interface GoOptions {
  readonly say?: (what: string) => void;
  /** Told what will be changed on the machine outside of the cache, before it is. */
  readonly announce?: (what: string) => void;
  readonly log?: string;
  readonly signal?: AbortSignal;
}

/** This machine's architecture by Go's name. */
export const goArch: string = arch() === 'x64' ? 'amd64' : arch();

/** Runs `go` with these arguments; finds or fetches the toolchain first. */
export async function go(
  args: readonly string[],
  options: GoOptions & Pick<ExecOptions, 'cwd' | 'env'>,
): Promise<string> {
  const program = await ensureGo(options);
  const { say, ...rest } = options;
  return exec(program, args, {
    ...rest,
    env: { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off', ...options.env },
    onLine: (line) => {
      const module = /^go: downloading (\S+)/.exec(line)?.[1];
      if (module !== undefined) say?.(`downloading ${module}`);
    },
  });
}

/** Installs a program of a published module into the cache and returns the path of the binary. */
export async function goInstall(module: string, version: string, options: GoOptions = {}): Promise<string> {
  const name = module.split('/').at(-1) ?? module;
  const build = async (directory: string): Promise<void> => {
    options.say?.(`building ${name} ${version}`);
    // -trimpath: the same binary on every machine, whatever the path of its home directory.
    const flags = ['-trimpath', '-ldflags=-s -w', `${module}@${version}`];
    await go(['install', ...flags], { ...options, env: { GOBIN: directory, GOFLAGS: '-buildvcs=false' } });
  };
  return join(await cached(name, `${version}-${goArch}`, build, options), name);
}

/** The `go` of the PATH where it is recent enough, else one from the cache, fetched as the module it is published as. */
export async function ensureGo(options: GoOptions = {}): Promise<string> {
  return (await installedGo()) ?? join(await fetchGo(options), 'bin', 'go');
}

async function installedGo(): Promise<string | undefined> {
  // In the root folder no go.mod is in reach whose toolchain line could make go fetch another version.
  const words = await exec('go', ['version'], { cwd: '/', env: { GOTOOLCHAIN: 'local' } }).catch(() => '');
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(words) ?? [];
  const recent = Number(major) > minimum[0] || (Number(major) === minimum[0] && Number(minor) >= minimum[1]);
  return recent ? 'go' : undefined;
}

function fetchGo(options: GoOptions): Promise<string> {
  const checksum = checksums[goArch];
  if (platform() !== 'linux' || checksum === undefined) {
    throw new AdvisedError(
      `no Go ${minimum.join('.')} or newer on the PATH, and none is fetched for ${platform()}/${goArch}`,
      'Install Go (https://go.dev/dl) and run the command again.',
    );
  }
  return cached('go', `${fetched}-${goArch}`, (directory) => unpackToolchain(directory, checksum, options), options);
}

async function unpackToolchain(directory: string, checksum: string, { say, signal }: GoOptions): Promise<void> {
  const version = `v0.0.1-go${fetched}.linux-${goArch}`;
  const archive = join(cacheRoot(), `toolchain-${String(process.pid)}.zip`);
  say?.(`fetching Go ${fetched}`);
  await mkdir(cacheRoot(), { recursive: true });
  try {
    await download(`${moduleProxy()}/golang.org/toolchain/@v/${version}.zip`, archive, checksum, signal);
    say?.(`unpacking Go ${fetched}`);
    const prefix = `golang.org/toolchain@${version}/`;
    await unzip(archive, directory, (name) => ({
      // A module's archive can hold no further go.mod, so those of the toolchain travel under another name.
      path: name.slice(prefix.length).replace(/(^|\/)_go\.mod$/, '$1go.mod'),
      // Nor does it hold modes.
      executable: /^(bin|pkg\/tool)\//.test(name.slice(prefix.length)),
    }));
  } finally {
    await rm(archive, { force: true });
  }
}

/** The first proxy of GOPROXY; its further words (`direct`, `off`) are no addresses. */
function moduleProxy(): string {
  const words = (process.env['GOPROXY'] ?? '').split(/[,|]/);
  return words.find((word) => word.startsWith('http'))?.replace(/\/$/, '') ?? defaultProxy;
}
