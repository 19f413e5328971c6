import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { statePath, type Checkout } from '../machine/checkout.ts';

/** What is known of the checkout's cluster. */
export interface ClusterRecord {
  readonly image: string;
  readonly workers: number;
  /** Whether the creation came to its end; otherwise what is there is a torso. */
  readonly complete: boolean;
  /** Whether kind's network was made for it. */
  readonly madeNetwork: boolean;
}

/** The record of the cluster, if it was ever begun. */
export function readClusterRecord(checkout: Checkout): ClusterRecord | undefined {
  try {
    return JSON.parse(readFileSync(statePath(checkout, 'cluster.json'), 'utf8')) as ClusterRecord;
  } catch {
    return undefined;
  }
}

/** Keeps the record. */
export async function writeClusterRecord(checkout: Checkout, record: ClusterRecord): Promise<void> {
  await writeFile(statePath(checkout, 'cluster.json'), JSON.stringify(record, null, 2));
}

/** Forgets the cluster. */
export async function removeClusterRecord(checkout: Checkout): Promise<void> {
  await rm(statePath(checkout, 'cluster.json'), { force: true });
}
