import type { CatalogueEntry } from '../catalogue.ts';
import { serviceHost } from '../naming.ts';
import type { Settings } from './settings.ts';

/** Where a workload is asked inside the cluster. */
export function workloadUrl({ names, namespace }: Settings, { name, port }: CatalogueEntry): string {
  return `http://${serviceHost(names.workload(name), namespace)}:${port}`;
}
