import { docker } from '../docker/client.ts';

/** Builds of one image that are kept beside the current one: going back to another branch costs nothing. */
const keptBuilds = 3;

/**
 * Takes the tags by content from the oldest builds of an image; the engine forgets what has no other tag. A build that
 * a container runs, or that another tag names, stays.
 */
export async function pruneBuilds(name: string): Promise<void> {
  const format = '{{.Repository}}:{{.Tag}}';
  // The engine lists the newest first.
  const list = await docker(['images', '--filter', `reference=${name}:content-*`, '--format', format]);
  const old = list
    .split('\n')
    .filter(Boolean)
    .slice(keptBuilds + 1);
  if (old.length > 0) await docker(['rmi', ...old]).catch(() => undefined);
}
