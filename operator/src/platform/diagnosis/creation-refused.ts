import type { Diagnosis } from './diagnosis.ts';

/** Why the API server refuses the pods or volumes that a controller wants to make. */
export function diagnoseRefusal(message: string): Diagnosis {
  return { reason: reasonOf(message), message: withoutRandomNames(message) };
}

function reasonOf(message: string): string {
  if (message.includes('exceeded quota')) return 'QuotaExceeded';
  if (message.includes('failed quota')) return 'QuotaExceeded';
  if (message.includes('violates PodSecurity')) return 'PodSecurityViolation';
  if (message.includes('storageclass') && message.includes('not found')) return 'StorageClassMissing';
  if (/(serviceaccount|priorityclass|PriorityClass)/i.test(message) && /not found|no PriorityClass/.test(message)) return 'ReferenceMissing'; // prettier-ignore
  return 'PodsForbidden';
}

/** Every attempt is refused under another random name: without it the same refusal has the same text. */
function withoutRandomNames(message: string): string {
  return message
    .replace(/^Error creating: /, '')
    .replace(/^create Pod \S+ in StatefulSet \S+ failed error: /i, '')
    .replace(/^pods "[^"]*" is forbidden: /, 'pods are forbidden: ');
}
