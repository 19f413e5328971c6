import type { RevisionContent } from '@genai-platform/cdk8s';
import { namesOf, objectLabels } from '@genai-platform/cdk8s';
import type { RevisionStatus } from '@genai-platform/crds';
import type { ObjectRef } from '../../runtime/index.ts';
import { apiVersionOf, refTo } from '../../runtime/index.ts';
import type { ControllerRevision, Platform } from '../kinds.ts';
import { ControllerRevisions } from '../kinds.ts';

const resultAnnotation = 'genaiplatform.io/result';
const messageAnnotation = 'genaiplatform.io/message';

/** As long as the status shows. */
const MAX_MESSAGE = 1_000;

/** What is remembered of one revision, in its ControllerRevision. */
export interface RevisionRecord {
  readonly name: string;
  /** Counts up; the newest has the highest. */
  readonly number: number;
  readonly content: RevisionContent;
  readonly result: RevisionStatus['result'];
  readonly message?: string | undefined;
}

/** Where the record of a revision is. */
export function recordRef({ metadata }: Platform, revision: string): ObjectRef<ControllerRevision> {
  return refTo(ControllerRevisions, namesOf(metadata.name).revision(revision), metadata.namespace);
}

/** The record in a ControllerRevision; undefined for one that is not ours to read. */
export function readRecord(
  { metadata, data, revision }: ControllerRevision,
  platform: string,
): RevisionRecord | undefined {
  if (!data) return undefined;
  const { [resultAnnotation]: result, [messageAnnotation]: message } = metadata.annotations ?? {};
  return {
    name: metadata.name.slice(platform.length + 1),
    number: revision,
    content: data.spec,
    result: result === 'Good' || result === 'Failed' ? result : 'RollingOut',
    ...(message !== undefined && { message }),
  };
}

/** The ControllerRevision of a record. Its content never changes: the API server refuses that. */
export function recordObject(
  platform: Platform,
  { name, number, content, result, message }: RevisionRecord,
): ControllerRevision {
  return {
    apiVersion: apiVersionOf(ControllerRevisions),
    kind: ControllerRevisions.kind,
    metadata: {
      name: recordRef(platform, name).name,
      namespace: platform.metadata.namespace,
      labels: objectLabels(platform.metadata.name),
      annotations: {
        [resultAnnotation]: result,
        ...(message !== undefined && { [messageAnnotation]: message.slice(0, MAX_MESSAGE) }),
      },
    },
    data: { spec: content },
    revision: number,
  };
}
