import { authCases } from './auth.ts';
import type { Cases } from './case.ts';
import { dataCases } from './data.ts';
import { edgeCases } from './edge.ts';
import { environmentCases } from './environment.ts';
import { imageCases } from './images.ts';
import { llmCases } from './llm.ts';
import { ownershipCases } from './ownership.ts';
import { profileCases } from './profile.ts';
import { rolloutCases } from './rollout.ts';
import { schedulingCases } from './scheduling.ts';
import { secretCases } from './secrets.ts';
import { workloadCases } from './workload.ts';

/** All cases by area. */
export const cases: Readonly<Record<string, Cases>> = {
  profile: profileCases,
  images: imageCases,
  workloads: workloadCases,
  environment: environmentCases,
  scheduling: schedulingCases,
  'database and cache': dataCases,
  edge: edgeCases,
  ownership: ownershipCases,
  rollout: rolloutCases,
  auth: authCases,
  llm: llmCases,
  secrets: secretCases,
};
