import { z } from 'zod';

/** As metav1.Condition. The types and reasons are declared by the operator, which alone writes them. */
export const condition = z.object({
  type: z.string().max(316).describe('What the condition is about, for example `Ready`.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  observedGeneration: z.int().min(0).describe('Generation of the platform that the condition is about.').optional(),
  lastTransitionTime: z.string().meta({ description: 'When `status` last changed.', format: 'date-time' }),
  reason: z.string().max(1024).describe('Why, in one word for programs.'),
  message: z.string().max(32_768).describe('Why, in a sentence for people.'),
});

export type Condition = z.infer<typeof condition>;
