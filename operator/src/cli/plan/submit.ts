import { api } from '@genai-platform/crds';
import type { Platform } from '../../platform/kinds.ts';
import { Platforms } from '../../platform/kinds.ts';
import type { LiveObject } from '../../runtime/index.ts';
import { ApiError } from '../../runtime/index.ts';
import { isNotFound } from '../../runtime/transport/api-error.ts';
import { mediaTypes } from '../../runtime/transport/call.ts';
import type { Connection } from '../connection.ts';
import { FIELD_MANAGER } from '../connection.ts';
import { Failure } from '../failure.ts';
import type { Manifest } from '../manifest-file.ts';

/** How a platform is handed to the API server. */
export interface Submission {
  /** Admission and validation, and nothing stored. */
  readonly dryRun: boolean;
  /** Take over the fields that another manager set. */
  readonly forceConflicts: boolean;
  readonly signal: AbortSignal;
}

/**
 * Server-side apply of the platform, the same for a plan as in earnest; unknown fields are refused.
 * @throws ApiError with the field paths of what the API server does not take; Failure for what is no fault of the fields
 */
export async function submit(
  { transport }: Pick<Connection, 'transport'>,
  manifest: Manifest,
  { dryRun, forceConflicts, signal }: Submission,
): Promise<LiveObject<Platform>> {
  const { name, namespace = '' } = manifest.metadata;
  try {
    const reply = await transport.call<LiveObject<Platform>>({
      verb: 'apply',
      kind: Platforms,
      namespace,
      name,
      query: {
        fieldManager: FIELD_MANAGER,
        force: forceConflicts,
        fieldValidation: 'Strict',
        ...(dryRun && { dryRun: 'All' }),
      },
      body: manifest,
      contentType: mediaTypes.apply,
      signal,
    });
    return reply.body;
  } catch (error) {
    throw asFailure(error, namespace);
  }
}

function asFailure(error: unknown, namespace: string): unknown {
  if (isNotFound(error)) {
    if (/namespaces/.test(error.message)) {
      return new Failure(`namespace ${namespace} does not exist`, `kubectl create namespace ${namespace}`);
    }
    const next = 'install the operator: helm install genai-operator charts/genai-operator -n genai-system --create-namespace'; // prettier-ignore
    return new Failure(`the cluster does not know ${api.kind} (${api.apiVersion})`, next);
  }
  if (error instanceof ApiError && error.code === 409 && error.causes.length > 0) {
    const fields = error.causes.map(({ field, message }) => `${field ?? ''} (${message ?? ''})`).join(', ');
    return new Failure(
      `others set these fields: ${fields}`,
      'take them over with --force-conflicts, or leave them out',
    );
  }
  return error;
}
