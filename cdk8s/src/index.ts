export type { CatalogueEntry } from './catalogue.ts';
export type { Verification } from './verification.ts';
export { catalogue } from './catalogue.ts';
export type { GivenChange, GivenSecret } from './given-secret.ts';
export { imageReference, imageReferences, imageRepository, imageTag } from './images.ts';
export type { KubernetesObject, ObjectMetadata, OwnerReference } from './kubernetes-object.ts';
export {
  checksumAnnotation,
  dataLabel,
  managedBy,
  objectLabels,
  platformLabel,
  revisionAnnotation,
  selectorLabels,
  workloadLabel,
} from './labels.ts';
export type { Names } from './naming.ts';
export { namesOf, nextLoginName, serviceHost } from './naming.ts';
export type { Observed } from './observed.ts';
export type { ReferencedObject } from './referenced-objects.ts';
export { referencedObjects } from './referenced-objects.ts';
export { render, renderExternalSecrets } from './render.ts';
export type { Rendered, RenderedWorkload } from './rendered.ts';
export { objectsOf } from './rendered.ts';
export type { Revision, RevisionContent } from './revision.ts';
export { revisionOf, withRevision } from './revision.ts';
export type { RolloutSettings } from './settings/rollout.ts';
export { resolveRollout } from './settings/rollout.ts';
export type { PlatformInput } from './settings/settings.ts';
export type { Login, ValueSource, WantedSecret } from './wanted-secrets.ts';
export { keysOf, rotationKeys, wantedSecrets } from './wanted-secrets.ts';
