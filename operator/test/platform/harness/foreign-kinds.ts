import type { ControlPlane } from '../../../../test/harness/control-plane.ts';

const KINDS = [
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', plural: 'httproutes' },
  { group: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', plural: 'volumesnapshots' },
  { group: 'external-secrets.io', kind: 'ExternalSecret', plural: 'externalsecrets' },
  { group: 'cert-manager.io', kind: 'Certificate', plural: 'certificates' },
];

/** Installs the kinds of other products that a platform can ask for: by name, with any content, without what acts on them. */
export async function installForeignKinds(plane: ControlPlane): Promise<void> {
  for (const { group, kind, plural } of KINDS) {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    // Groups below k8s.io are refused without it.
    const annotations = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/1538' };
    await plane.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: `${plural}.${group}`, annotations },
      spec: {
        group,
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
      },
    });
  }
}
