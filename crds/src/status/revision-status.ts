import { z } from 'zod';
import { withMeta } from '../schema/rule.ts';

/** They stay through a rollback, unless they are what failed. */
const dataImageNames = ['postgres', 'valkey'] as const;
const revisionName = (): z.ZodString => z.string().max(63);

/** One revision in the history; the same facts as on its ControllerRevision. */
export const revisionStatus = z.object({
  revision: revisionName().describe('Revision; its ControllerRevision is named `<platform>-<revision>`.'),
  number: z.int().min(1).describe('Counts up; a revision that is wanted again gets a new number.'),
  version: z.string().max(63).describe("Version of the platform's images in it.").optional(),
  result: z
    .enum(['RollingOut', 'Good', 'Failed'])
    .describe('Whether every workload of it has answered a real request, or what came of it instead.'),
  message: z.string().max(1024).describe('Why it failed, in the words of the pod.').optional(),
});

/** Why the platform does not run what its specification says. */
export const rollback = z.object({
  from: revisionName().describe('Revision that failed.'),
  to: revisionName().describe('Revision that is back: the last good one.'),
  generation: z.int().min(0).describe('Generation of the specification that failed; a later one is tried.'),
  reason: z.string().max(1024).describe('Why it failed, in one word for programs.'),
  message: z.string().max(4096).describe('Why it failed: the workload, and what its pod or Job said.'),
  images: withMeta(z.array(z.enum(dataImageNames)).max(dataImageNames.length), { 'x-kubernetes-list-type': 'atomic' })
    .describe('Images of database and cache that are back too, because they are what failed; others stay.')
    .optional(),
});

/** An image of a server that keeps data. */
export type DataImageName = (typeof dataImageNames)[number];
export type RevisionStatus = z.infer<typeof revisionStatus>;
export type Rollback = z.infer<typeof rollback>;
