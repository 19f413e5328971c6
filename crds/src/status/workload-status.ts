import { z } from 'zod';

const verification = z.object({
  revision: z.string().max(63).describe('Revision of the pods that were asked.'),
  result: z.enum(['Passed', 'Failed']).describe('Whether the answer was the expected one.'),
  latencyMilliseconds: z.int().min(0).describe('Time from the request to the last byte of the answer.').optional(),
  message: z.string().max(1024).describe('What was wrong with the answer.').optional(),
});

export const workloadStatus = z.object({
  name: z.string().max(63).describe('Name of the workload, for example `search`.'),
  version: z.string().max(255).describe('Tag or digest of the image in use.').optional(),
  ready: z.int().min(0).describe('Pods that are ready.'),
  desired: z.int().min(0).describe('Pods that are wanted.'),
  revision: z.string().max(63).describe('Revision of its pods that is wanted.').optional(),
  reason: z.string().max(1024).describe('Why it is not ready, in one word for programs.').optional(),
  message: z.string().max(4096).describe("Why it is not ready, with the pod's own message.").optional(),
  verification: verification
    .describe('The real request that the operator made once the pods of a revision were ready.')
    .optional(),
});

export type WorkloadStatus = z.infer<typeof workloadStatus>;
export type Verification = z.infer<typeof verification>;
