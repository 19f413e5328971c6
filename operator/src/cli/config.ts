import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What the command-line tool takes from the environment. */
export interface CliConfig {
  /** Files of `KUBECONFIG`, or `~/.kube/config`. */
  readonly kubeconfigs: readonly string[];
  /** Set in every pod: where the API server is when there is no kubeconfig. */
  readonly apiServer?: { readonly host: string; readonly port: number };
  /** Whether colours are wanted whatever the output is; undefined: on a terminal. https://no-color.org */
  readonly colour?: boolean;
  readonly dumbTerminal: boolean;
}

/** Reads the configuration of the command-line tool from the environment. */
export function loadCliConfig(environment: Readonly<Record<string, string | undefined>> = process.env): CliConfig {
  const { KUBECONFIG = '', KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  const files = KUBECONFIG.split(delimiter).filter((file) => file !== '');
  const home = environment['HOME'] ?? homedir();
  return {
    kubeconfigs: files.length > 0 ? files : [join(home, '.kube', 'config')],
    ...(host !== undefined && { apiServer: { host, port: Number(port ?? 443) } }),
    ...colourOf(environment),
    dumbTerminal: environment['TERM'] === 'dumb',
  };
}

function colourOf(environment: Readonly<Record<string, string | undefined>>): { colour?: boolean } {
  if ((environment['NO_COLOR'] ?? '') !== '') return { colour: false };
  return (environment['FORCE_COLOR'] ?? '0') === '0' ? {} : { colour: true };
}
