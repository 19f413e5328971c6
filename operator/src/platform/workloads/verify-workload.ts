import type { RenderedWorkload } from '@genai-platform/cdk8s';
import { namesOf } from '@genai-platform/cdk8s';
import { mintIdentityToken, parseIdentityKeys } from '@genai-platform/common/core';
import type { Verification, WorkloadStatus } from '@genai-platform/crds';
import { sleep } from '../../runtime/index.ts';
import type { PlatformContext } from '../session.ts';
import type { Observation } from './observe-workload.ts';
import { isVerified } from './row.ts';

/** The tenant of the operator's own requests; nothing is ever stored for it. */
const VERIFICATION_TENANT = 'platform-verification';

/**
 * Asks a workload whose pods have just become ready its real request, once per revision, and latches the answer. The
 * row keeps result and latency of that run; nothing is asked again while the revision stays.
 */
export async function verifyWorkload(
  workload: RenderedWorkload,
  { row, rolledOut }: Observation,
  context: PlatformContext,
): Promise<WorkloadStatus> {
  if (isVerified(row) || row.reason !== undefined || !rolledOut) return row;
  const { revision } = workload;
  const result = await ask(workload, context);
  if (result.answered) {
    const verification: Verification = { revision, result: 'Passed', latencyMilliseconds: result.latencyMs };
    return { ...row, verification };
  }
  context.session.problems.push({ reason: 'VerificationFailed', message: result.message });
  const verification: Verification = { revision, result: 'Failed', message: result.message };
  return { ...row, verification, reason: 'VerificationFailed', message: result.message };
}

async function ask({ entry, url }: RenderedWorkload, { session, clock, signal }: PlatformContext): ReturnType<Prober> {
  const token = await mintIdentityToken(signingKey(session), entry.name, {
    subject: 'operator',
    tenant: VERIFICATION_TENANT,
    scopes: entry.scopes,
  }, { now: () => clock.now(), sleep: (ms, stop) => sleep(clock, ms, stop) }); // prettier-ignore
  const { verification } = entry;
  const headers = { ...verification.headers, authorization: `Bearer ${token}` };
  return session.deps.prober.probe({ ...verification, origin: url, headers }, signal);
}

type Prober = PlatformContext['session']['deps']['prober']['probe'];

function signingKey({ facts, platform }: PlatformContext['session']): Uint8Array {
  const [key] = parseIdentityKeys(facts.secrets[namesOf(platform.metadata.name).identity]?.['key'] ?? '');
  if (!key) throw new Error('the identity key is missing');
  return key;
}
