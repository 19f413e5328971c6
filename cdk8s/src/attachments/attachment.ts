import type { Mount } from './mount.ts';

/** What a container needs to use something: variables that say where it is, files with what is secret. */
export interface Attachment {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

/** Where files of this project are mounted. */
export const secretsFolder = '/var/run/secrets/genaiplatform.io';

/** All of them together, in their order. */
export function attachAll(...attachments: readonly Attachment[]): Attachment {
  return {
    env: Object.assign({}, ...attachments.map(({ env }) => env)) as Record<string, string>,
    mounts: attachments.flatMap(({ mounts }) => mounts),
  };
}
