import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { locateDatabasePrograms } from '@genai-platform/common/testing';

const run = promisify(execFile);
const { postgres } = locateDatabasePrograms();
const entrypoint = join(import.meta.dirname, '../postgres/docker-entrypoint.sh');

// Without root there is no root file system to change into; the image is then not made here either.
const describeInRoot = postgres.root === '/' ? describe.skip : describe;

describeInRoot("PostgreSQL's entry point", () => {
  let outside: string;
  let inside: string;

  beforeEach(() => {
    outside = mkdtempSync(join(postgres.root, 'run/entrypoint-'));
    inside = outside.slice(postgres.root.length);
    chmodSync(outside, 0o755);
    // The folder of scripts is this test's own, since the root file system is everybody's.
    mkdirSync(join(outside, 'scripts'));
    const script = readFileSync(entrypoint, 'utf8').replaceAll('/docker-entrypoint-initdb.d', `${inside}/scripts`);
    writeFileSync(join(outside, 'entrypoint.sh'), script);
    file('password', 'correct horse');
    mkdirSync(join(outside, 'data'));
    chownSync(join(outside, 'data'), postgres.uid, postgres.gid);
  });
  afterEach(() => {
    rmSync(outside, { recursive: true, force: true });
  });

  function file(name: string, text: string): void {
    writeFileSync(join(outside, name), text, { mode: 0o600 });
    chownSync(join(outside, name), postgres.uid, postgres.gid);
  }

  /** Starts the entry point as the container does, but with a command that ends: `postgres --version`, or single-user mode. */
  function start(
    args: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<{ stdout: string; stderr: string }> {
    const env = {
      PATH: `${postgres.binaries}:/usr/bin`,
      LANG: 'C.UTF-8',
      PGDATA: `${inside}/data/pgdata`,
      POSTGRES_PASSWORD_FILE: `${inside}/password`,
      POSTGRES_INITDB_ARGS: '--no-sync --auth=scram-sha-256',
      ...environment,
    };
    const user = ['--reuid', String(postgres.uid), '--regid', String(postgres.gid), '--clear-groups'];
    const command = ['env', '-i', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), 'sh'];
    return run('chroot', [postgres.root, 'setpriv', ...user, ...command, `${inside}/entrypoint.sh`, ...args]);
  }

  const pgdata = (): string => join(outside, 'data/pgdata');

  test('makes a database on an empty volume, and finds it the next time', async () => {
    const first = await start(['postgres', '--version'], { POSTGRES_DB: 'genai' });
    expect(first.stdout).toContain('Success. You can now start the database server');
    const again = await start(['postgres', '--version'], { POSTGRES_DB: 'genai' });
    expect(again.stdout.trim()).toMatch(/^postgres \(PostgreSQL\) 17/);
  });

  test('runs the scripts that are mounted for a new database', async () => {
    writeFileSync(join(outside, 'scripts/a.sql'), 'CREATE TABLE from_script (n int);');
    const { stdout } = await start(['postgres', '--version'], { POSTGRES_DB: 'genai' });
    expect(stdout).toContain(`running ${inside}/scripts/a.sql`);
  });

  test('makes no database from a script that fails', async () => {
    writeFileSync(join(outside, 'scripts/a.sql'), 'CREATE NONSENSE;');
    await expect(start(['postgres', '--version'])).rejects.toThrow('syntax error');
    expect(existsSync(pgdata())).toBe(false);
  });

  test('starts anew what an interruption left unfinished', async () => {
    mkdirSync(`${pgdata()}.new/base`, { recursive: true });
    chownSync(`${pgdata()}.new`, postgres.uid, postgres.gid);
    chownSync(`${pgdata()}.new/base`, postgres.uid, postgres.gid);
    await start(['postgres', '--version']);
    expect(existsSync(join(pgdata(), 'PG_VERSION'))).toBe(true);
    expect(existsSync(`${pgdata()}.new`)).toBe(false);
  });

  test('takes options as the arguments of postgres', async () => {
    const { stdout } = await start(['--version']);
    expect(stdout).toMatch(/postgres \(PostgreSQL\) 17/);
  });

  test('runs any other command as it is', async () => {
    expect((await start(['echo', 'as is'])).stdout).toBe('as is\n');
    expect(existsSync(pgdata())).toBe(false);
  });

  test.each([
    ['no password', { POSTGRES_PASSWORD_FILE: '' }, 'set POSTGRES_PASSWORD_FILE or POSTGRES_PASSWORD'],
    [
      'a password file that is not there',
      { POSTGRES_PASSWORD_FILE: '/nowhere' },
      'names /nowhere, which cannot be read',
    ],
    ['two passwords', { POSTGRES_PASSWORD: 'x' }, 'are both set'],
    ['a name that cannot be quoted', { POSTGRES_DB: 'a"b' }, 'contains a quotation mark'],
  ])('refuses %s, and says why', async (_what, environment, message) => {
    await expect(start(['postgres', '--version'], environment)).rejects.toThrow(message);
    expect(existsSync(join(pgdata(), 'PG_VERSION'))).toBe(false);
  });
});
