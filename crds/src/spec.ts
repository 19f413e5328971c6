import { z } from 'zod';
import { auth } from './auth.ts';
import { cache } from './cache.ts';
import { database } from './database.ts';
import { drift } from './drift.ts';
import { gateway } from './gateway.ts';
import { images, version } from './images.ts';
import { ingress } from './ingress.ts';
import { llm } from './llm.ts';
import { networkPolicy } from './network-policy.ts';
import { observability } from './observability.ts';
import { profile } from './profile.ts';
import { rollout } from './rollout.ts';
import { givenToOwnServers, secrets } from './secrets.ts';
import { services } from './services.ts';
import { withRules } from './schema/rule.ts';
import { engineIsImmutable, storageOnlyGrows } from './transitions.ts';

/**
 * No field has a default in the schema: the API server would write it into the user's object, and every tool that
 * compares the object with a file in Git would see a difference for ever.
 */
export const spec = withRules(
  z.object({
    profile,
    version: version
      .describe("Version of the platform's images. Default: the version that the operator was released with.")
      .optional(),
    images: images.describe('Where images come from.').optional(),
    services: services.describe('The services, each with its own size and placement.').optional(),
    gateway: gateway.describe('The door of the platform: authentication, rate limits, routing.').optional(),
    auth: auth.describe('Accounts, sessions, API keys: who may use the platform.').optional(),
    llm: llm.describe('Language models: who answers, by which names, at what price.').optional(),
    database: database.describe('PostgreSQL. Default `inCluster: {}`.').optional(),
    cache: cache.describe('Redis or Valkey. Default `inCluster: {}`.').optional(),
    ingress: ingress.describe('How the gateway is reached from outside the cluster. Default: not at all.').optional(),
    networkPolicy: networkPolicy
      .describe('Who may reach the platform; everything that is not declared is denied.')
      .optional(),
    observability: observability.describe('Where traces go.').optional(),
    adopt: z
      .boolean()
      .describe(
        'Whether the platform takes over objects that exist already under the names it needs and that nothing controls. ' +
          'Their other fields stay; with the platform they are deleted. Default false: such an object is a ' +
          '`NameConflict` and stays untouched.',
      )
      .optional(),
    drift: drift.describe("What becomes of others' changes of the platform's objects. Default: undone.").optional(),
    rollout: rollout
      .describe('How changes of the workloads are brought about, and what happens when one fails.')
      .optional(),
    suspend: z
      .boolean()
      .describe(
        'Leaves everything as it is: while true nothing but the status is written, whatever changes. Deleting the ' +
          'platform works all the same. Default false.',
      )
      .optional(),
    secrets: secrets
      .describe('Where passwords and keys come from. Default: all that is not named elsewhere is generated.')
      .optional(),
    deletionPolicy: z
      .enum(['Retain', 'Snapshot', 'Delete'])
      .describe(
        'What becomes of the volumes and the generated Secrets when the platform is deleted. Default `Retain`: ' +
          'a platform of the same name takes them up again. `Snapshot`: each volume goes once a VolumeSnapshot of it is ' +
          'ready, and the Secrets stay; it needs a CSI driver with snapshots.',
      )
      .optional(),
    deletionProtection: z
      .boolean()
      .describe('Whether the platform goes on as it is when it is deleted, until this is false. Default false.')
      .optional(),
  }),
  engineIsImmutable,
  storageOnlyGrows('database'),
  storageOnlyGrows('cache'),
  ...givenToOwnServers,
);

export type GenAIPlatformSpec = z.infer<typeof spec>;
