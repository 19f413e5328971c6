import { join } from 'node:path';
import type { KubernetesObject } from '@genai-platform/cdk8s';
import { modelsFolder } from '@genai-platform/common/testing';
import type { Addresses } from './addresses.ts';
import { writeMounts } from './mounts.ts';
import { containerOf, podOf, type Container } from './pod.ts';

/** A container's program as a plain process of this machine. */
export interface LocalProgram {
  /** Of the container: `search`, `search-migrate`. */
  readonly name: string;
  /** The workspace with its source: `services/search`. */
  readonly workspace: string;
  readonly args: readonly string[];
  /** The rendered environment with paths and addresses of this machine. */
  readonly env: Readonly<Record<string, string>>;
}

/** What turns a rendered pod into a process. */
export interface ProgramSetting {
  readonly objects: readonly KubernetesObject[];
  readonly addresses: Addresses;
  /** Its mounted files go below `<directory>/<container>`. */
  readonly directory: string;
  /** Said instead of what is rendered. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Writes the files that a pod mounts, and returns how to start its program here. */
export async function localProgram(object: KubernetesObject, setting: ProgramSetting): Promise<LocalProgram> {
  const pod = podOf(object);
  if (pod === undefined) throw new Error(`${object.kind} ${object.metadata.name} has no pod`);
  const container = containerOf(pod);
  const files = join(setting.directory, container.name);
  const mounts = await writeMounts(pod, setting.objects, files);
  const rendered = Object.fromEntries(
    (container.env ?? []).map(({ name, value = '' }) => [name, mounts.localise(value)]),
  );
  const local = setting.addresses.localise(rendered);
  return {
    name: container.name,
    workspace: workspaceOf(container),
    args: container.args ?? [],
    env: { ...local, ...setting.environment, HTTP_HOST: '127.0.0.1', MODELS_DIR: modelsFolder },
  };
}

/** `<registry>/genai-platform-search:<tag>` holds the program of `services/search`. */
function workspaceOf({ image }: Container): string {
  const name = /genai-platform-([a-z-]+)[:@]/.exec(image)?.[1];
  if (name === undefined) throw new Error(`${image} is not an image of this checkout`);
  return `services/${name}`;
}
