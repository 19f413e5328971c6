import { Command } from 'commander';
import { stringify } from 'yaml';
import { checkedPlatform } from '../checked-platform.ts';
import type { Cli } from '../cli.ts';
import { examples, fileOption, formatOf, installationOptions, outputOption, withConnection } from '../cli.ts';
import type { KubeFlags } from '../connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { Manifest } from '../manifest-file.ts';
import { namespaceOf, readManifest } from '../manifest-file.ts';
import type { InstallationFlags } from '../operator-installation.ts';
import { assumedInstallation, findInstallation } from '../operator-installation.ts';
import { structured } from '../output/structured.ts';
import type { Installation } from '../../platform/installation.ts';
import { submit } from '../plan/submit.ts';
import { PLACEHOLDER, renderedManifests } from '../rendered-manifests.ts';

interface RenderFlags extends KubeFlags, InstallationFlags {
  readonly filename: string;
  readonly output?: string;
  readonly live?: boolean;
}

/** `render -f platform.yaml`: the manifests that the operator applies, with no cluster. */
export function renderCommand(cli: Cli): Command {
  const command = new Command('render')
    .summary('print the manifests that a platform becomes')
    .description(
      'Prints the manifests that the operator applies for a platform, in its order and by its own rendering; no cluster is ' +
        `needed. Values that the operator generates, and digests of them, read ${PLACEHOLDER}; for that reason the digests ` +
        "at the end of Jobs' names are others than in a cluster. The operator's own marks (owner, digest) are left out.",
    )
    .addOption(fileOption())
    .addOption(outputOption('json', 'yaml'))
    .option('--live', 'have the cluster check the platform, and take release and registry from its operator')
    .addHelpText(
      'after',
      examples([
        ['genai-platform render -f platform.yaml', 'YAML documents'],
        ['genai-platform render -f platform.yaml -o json | jq .items[].kind', 'a List'],
        ['genai-platform render -f - --release 0.2.0 < platform.yaml', 'as another release of the operator would'],
      ]),
    );
  for (const option of installationOptions()) command.addOption(option);
  return command.action(async () => {
    const flags = command.optsWithGlobals<RenderFlags>();
    const manifest = await readManifest(flags.filename, cli.io);
    if (flags.live !== true) {
      const namespace = namespaceOf(manifest, flags.namespace, 'default');
      cli.exit(print(placed(manifest, namespace), assumedInstallation(flags), { flags, io: cli.io }));
      return;
    }
    await withConnection(command, cli, async (connection) => {
      const { signal } = cli.io;
      const namespace = namespaceOf(manifest, flags.namespace, connection.namespace);
      await submit(connection, placed(manifest, namespace), { dryRun: true, forceConflicts: true, signal });
      const { installation } = await findInstallation(connection.client, namespace, { flags, signal });
      return print(placed(manifest, namespace), installation, { flags, io: cli.io });
    });
  });
}

function placed(manifest: Manifest, namespace: string): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

function print(
  manifest: Manifest,
  installation: Installation,
  { flags, io }: { readonly flags: RenderFlags; readonly io: Io },
): ExitCode {
  const items = renderedManifests(checkedPlatform(manifest), installation);
  if (formatOf(flags.output) === 'json') io.out(structured({ apiVersion: 'v1', kind: 'List', items }, 'json'));
  else io.out(items.map((item) => `---\n${stringify(item, { lineWidth: 0, aliasDuplicateObjects: false })}`).join(''));
  return exitCodes.ok;
}
