import type { k8s } from 'cdk8s-plus-28';
import { k8s as kubernetes } from 'cdk8s-plus-28';

/** Read by the owner and the group of the files; PostgreSQL refuses a key that others may read. */
const ownerAndGroupRead = 0o440;

/** Values by key, as in a ConfigMap. */
export type Content = Readonly<Record<string, string>>;

/**
 * Where the content of a mount comes from. `items` maps keys to the names of files; without it every key is one.
 * `content` is given where it is rendered too; that of other Secrets is among what is observed. A change of what is
 * `reloaded` needs no new pod: the program in it looks for itself.
 */
export type MountSource =
  | {
      readonly kind: 'secret';
      readonly name: string;
      readonly items?: Content;
      readonly content?: Content;
      readonly reloaded?: true;
    }
  | { readonly kind: 'configMap'; readonly name: string; readonly content: Content }
  | { readonly kind: 'scratch'; readonly sizeLimit: string; readonly inMemory?: boolean }
  | { readonly kind: 'claim'; readonly name: string };

/** A folder of a container and what is in it. */
export interface Mount {
  readonly name: string;
  readonly path: string;
  readonly source: MountSource;
}

/** The folder of temporary files; everything else of a container's root is read-only. */
export const temporaryFiles: Mount = {
  name: 'tmp',
  path: '/tmp',
  source: { kind: 'scratch', sizeLimit: '1Gi' },
};

/** The mount in a container. */
export function volumeMount({ name, path, source }: Mount): k8s.VolumeMount {
  const readOnly = source.kind === 'secret' || source.kind === 'configMap';
  return { name, mountPath: path, ...(readOnly && { readOnly }) };
}

/** The volume of a pod that the mount refers to. */
export function volume({ name, source }: Mount): k8s.Volume {
  switch (source.kind) {
    case 'secret':
      return { name, secret: { secretName: source.name, defaultMode: ownerAndGroupRead, ...keyPaths(source.items) } };
    case 'configMap':
      return { name, configMap: { name: source.name, defaultMode: ownerAndGroupRead } };
    case 'scratch':
      return { name, emptyDir: scratch(source.sizeLimit, source.inMemory) };
    case 'claim':
      return { name, persistentVolumeClaim: { claimName: source.name } };
  }
}

function keyPaths(items: Readonly<Record<string, string>> | undefined): { items?: k8s.KeyToPath[] } {
  return items === undefined ? {} : { items: Object.entries(items).map(([key, path]) => ({ key, path })) };
}

function scratch(sizeLimit: string, inMemory = false): k8s.EmptyDirVolumeSource {
  return { sizeLimit: kubernetes.Quantity.fromString(sizeLimit), ...(inMemory && { medium: 'Memory' }) };
}
