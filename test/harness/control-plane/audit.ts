import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the API server records: the body of an `audit.k8s.io/v1` Policy. */
export interface AuditPolicy {
  readonly omitStages?: readonly string[];
  readonly rules: ReadonlyArray<Readonly<Record<string, unknown>> & { readonly level: string }>;
}

/** One line of the audit log; the fields that tests ask for. */
export interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username: string; readonly groups?: readonly string[] };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly apiGroup?: string;
    readonly apiVersion?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  /** When the answer was sent. */
  readonly stageTimestamp: string;
}

const policyFile = (directory: string): string => join(directory, 'audit-policy.json');
const logFile = (directory: string): string => join(directory, 'audit.log');

/** The flags that make kube-apiserver write what `readAuditEvents` reads. */
export function auditFlags(directory: string): string[] {
  return [`--audit-policy-file=${policyFile(directory)}`, `--audit-log-path=${logFile(directory)}`];
}

/** Writes the policy where the flags expect it. */
export async function writeAuditPolicy(directory: string, policy: AuditPolicy): Promise<void> {
  const document = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', ...policy };
  await writeFile(policyFile(directory), JSON.stringify(document));
}

/** Everything recorded so far, oldest first; empty where nothing is recorded. */
export async function readAuditEvents(directory: string): Promise<AuditEvent[]> {
  const text = await readFile(logFile(directory), 'utf8').catch(() => '');
  // The last line may be half written.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent);
}
