import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { stringify } from 'yaml';
import type { Io } from '../../../src/cli/io.ts';
import { runCli } from '../../../src/cli/program.ts';
import type { Place } from '../../platform/harness/place.ts';

/** What one run of the tool printed, and how it ended. */
export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a test decides about the surroundings of the tool. */
export interface Surroundings {
  readonly kubeconfig?: string;
  readonly input?: string;
  /** A terminal with somebody at it who answers so; undefined: none. */
  readonly answer?: string;
  /** Whether the terminal can be drawn on. */
  readonly live?: boolean;
  readonly signal?: AbortSignal;
  /** Told of all that is printed, as it is printed. */
  readonly onOutput?: (text: string) => void;
}

/** Runs the tool in this process. */
export async function cli(args: readonly string[], surroundings: Surroundings = {}): Promise<CliRun> {
  const { kubeconfig = '/nowhere/kubeconfig', input = '', answer, live = false, onOutput } = surroundings;
  let [out, err] = ['', ''];
  const terminal = answer !== undefined || live;
  const io: Io = {
    config: { kubeconfigs: [kubeconfig], dumbTerminal: !live },
    out: (text) => {
      out += text;
      onOutput?.(text);
    },
    err: (text) => {
      err += text;
      onOutput?.(text);
    },
    terminal: { output: terminal, input: terminal, columns: 120, rows: 50 },
    readInput: () => Promise.resolve(input),
    ask: () => Promise.resolve(answer ?? ''),
    signal: surroundings.signal ?? new AbortController().signal,
  };
  const code = await runCli(args, io);
  return { code, out, err };
}

/** Writes the platform `acme` of a place to a file; returns its path. */
export async function fileOf({ namespace }: Pick<Place, 'namespace'>, spec: GenAIPlatformSpec): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'cli-')), 'platform.yaml');
  const metadata = { name: 'acme', namespace };
  await writeFile(path, stringify({ apiVersion: 'genaiplatform.io/v1alpha1', kind: 'GenAIPlatform', metadata, spec }));
  return path;
}
