import type { GenAIPlatformSpec, Rollout } from '@genai-platform/crds';
import { Command } from 'commander';
import { Platforms } from '../../platform/kinds.ts';
import { refTo } from '../../runtime/index.ts';
import type { Cli } from '../cli.ts';
import { examples, withConnection } from '../cli.ts';
import { exitCodes } from '../exit-codes.ts';
import { readPlatform } from '../read-platform.ts';

interface Switch {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Merged into the specification; `null` removes. */
  readonly spec: (present: GenAIPlatformSpec) => object;
  readonly told: string;
}

const switches: readonly Switch[] = [
  {
    name: 'suspend',
    summary: 'have the operator leave a platform alone',
    description:
      'Sets spec.suspend: until `resume` the operator writes nothing but the status, repairs included. ' +
      'The platform goes on serving.',
    spec: () => ({ suspend: true }),
    told: 'is suspended; it goes on serving',
  },
  {
    name: 'resume',
    summary: 'have the operator look after a suspended or paused platform again',
    description: 'Removes spec.suspend and spec.rollout.paused, whoever set them.',
    spec: ({ rollout }) => ({
      suspend: null,
      ...(rollout?.paused === undefined ? {} : { rollout: unpaused(rollout) }),
    }),
    told: 'is looked after again',
  },
  {
    name: 'pause',
    summary: 'hold a rollout before its next wave',
    description:
      'Sets spec.rollout.paused: nothing of a rollout is begun any more until `resume`; the wave under way ends.',
    spec: () => ({ rollout: { paused: true } }),
    told: 'begins nothing of a rollout any more',
  },
];

/** Nothing is left of a pause that was all there was. */
function unpaused(rollout: Rollout): object | null {
  return Object.keys(rollout).length === 1 ? null : { paused: null };
}

/** `suspend`, `resume`, `pause`: one field of the specification each. */
export const switchCommands: readonly ((cli: Cli) => Command)[] = switches.map(
  ({ name, summary, description, spec, told }) =>
    (cli) => {
      const command = new Command(name)
        .summary(summary)
        .description(description)
        .argument('<name>', 'name of the platform')
        .addHelpText('after', examples([[`genai-platform ${name} acme -n acme`, summary]]));
      return command.action(async (platform: string) => {
        await withConnection(command, cli, async (connection) => {
          const { signal } = cli.io;
          const { spec: present } = await readPlatform(connection, platform, signal);
          const ref = refTo(Platforms, platform, connection.namespace);
          await connection.client.mergePatch(ref, { spec: spec(present) }, { signal, guard: () => undefined });
          cli.io.out(`platform ${connection.namespace}/${platform} ${told}\n`);
          return exitCodes.ok;
        });
      });
    },
);
