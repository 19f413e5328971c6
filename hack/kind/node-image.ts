import { docker, engineAnswers, hasImage } from '../docker/client.ts';
import type { GoOptions } from '../machine/go.ts';
import { ensureNodeRoot, hasBuiltNodeRoot } from './node-image/node-root.ts';
import { ensureComponentParts } from './node-image/parts.ts';
import { pullPublishedImage, publishedImage, registryServesImage } from './published-image.ts';

/** Repository of the images that are built here. */
export const builtRepository = 'genai-platform/node';

/** How a node image is come by. */
export type NodeImageSource = 'published' | 'built';

/**
 * Decides whether the node image is pulled or built. What is at hand decides first, then the registry: by a real pull
 * where an engine runs already, else by a question to it, so that a build can begin while the engine is installed.
 */
export async function chooseNodeImage(options: GoOptions): Promise<NodeImageSource> {
  const running = await engineAnswers();
  if (running && (await hasImage(publishedImage))) return 'published';
  if (hasBuiltNodeRoot()) return 'built';
  options.say?.('asking the registry for the published node image');
  const available = running ? await pullPublishedImage(options) : await registryServesImage();
  return available ? 'published' : 'built';
}

/** Makes the image available to the engine and returns its name. */
export async function ensureNodeImage(source: NodeImageSource, options: GoOptions): Promise<string> {
  if (source === 'published') {
    if ((await hasImage(publishedImage)) || (await pullPublishedImage(options))) return publishedImage;
  }
  const { archive, version } = await ensureNodeRoot(await ensureComponentParts(options), options);
  const name = `${builtRepository}:${version}`;
  if (await hasImage(name)) return name;
  options.say?.('giving the node image to Docker');
  const settings = ['ENV container=docker', 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]'];
  const { say: _say, ...rest } = options;
  await docker(['import', ...settings.flatMap((setting) => ['--change', setting]), archive, name], rest);
  return name;
}
