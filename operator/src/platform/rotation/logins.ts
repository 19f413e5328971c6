import type { WantedSecret } from '@genai-platform/cdk8s';
import { wantedSecrets } from '@genai-platform/cdk8s';
import type { SecretValues } from '../secrets/secret-data.ts';
import type { PlatformContext } from '../session.ts';
import type { Phase } from './phases.ts';
import { phaseOf } from './phases.ts';

/** A login of a service, with what its Secret holds. */
export interface Login {
  readonly secret: string;
  readonly workload: string;
  readonly values: SecretValues;
}

/** Every login that can be rotated. */
export function loginsOf({ session }: PlatformContext): Login[] {
  return wantedSecrets(session.platform).flatMap((wanted: WantedSecret) => {
    if (wanted.kind !== 'values' || !wanted.login) return [];
    const values = session.facts.secrets[wanted.name] ?? {};
    return [{ secret: wanted.name, workload: wanted.login.workload, values }];
  });
}

/** Those that stand there. */
export function standing(logins: readonly Login[], phase: Phase): readonly Login[] {
  return logins.filter(({ values }) => phaseOf(values) === phase);
}
