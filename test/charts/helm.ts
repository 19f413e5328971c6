import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { helmPath } from '../../hack/kind/tools.ts';
import { CommandError, exec } from '../../hack/machine/exec.ts';

/** Folder of a chart of this repository. */
export const chartPath = (name: string): string => join(import.meta.dirname, '..', '..', 'charts', name);

/** A Kubernetes object as a template renders it. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  // Tests look wherever they like.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

/** What Helm is asked with. */
export interface HelmOptions {
  readonly namespace?: string;
  readonly kubeconfig?: string;
  /** Values as JSON, so that a test says them as they are. */
  readonly values?: object;
}

/** Runs Helm and returns what it printed. @throws CommandError with Helm's own words. */
export async function helm(
  args: readonly string[],
  { namespace, kubeconfig, values }: HelmOptions = {},
): Promise<string> {
  const more = [
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ...(values === undefined ? [] : ['--values', '-']),
  ];
  // Without a kubeconfig Helm must not find the one of whoever runs the tests.
  const env = { KUBECONFIG: kubeconfig ?? '/dev/null', HELM_NO_PLUGINS: '1' };
  const input = values === undefined ? {} : { input: JSON.stringify(values) };
  return exec(await helmPath(), [...args, ...more], { env, ...input, deadlineMs: 60_000 });
}

/** The objects that a chart renders. */
export async function template(chart: string, options: HelmOptions = {}): Promise<Rendered[]> {
  const text = await helm(['template', 'acme', chartPath(chart)], options);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Rendered | null)
    .filter((object) => object !== null);
}

/** What Helm says against these values. @throws when it has nothing against them. */
export async function refusal(chart: string, values: object): Promise<string> {
  try {
    await template(chart, { values });
  } catch (error) {
    if (error instanceof CommandError) return error.tail;
    throw error;
  }
  throw new Error('Helm has nothing against these values');
}
