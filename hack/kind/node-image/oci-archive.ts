import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exec } from '../../machine/exec.ts';
import { goArch } from '../../machine/go.ts';

/** One layer of an image, in the layout it was written to. */
export interface Layer {
  readonly digest: string;
  readonly size: number;
}

/** An image: its name, its layers from the lowest up, and what runs in it. */
export interface Image {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly entrypoint?: readonly string[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Images in the OCI layout, written without any container engine: a node image can be built before there is one, and
 * images that share a binary share its layer.
 */
export class OciLayout {
  readonly #directory: string;
  readonly #manifests: Array<Descriptor & { annotations: Record<string, string> }> = [];

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Adds the content of a folder as a layer; owners and times do not matter to its digest. */
  async addLayer(folder: string): Promise<Layer> {
    const file = join(this.#directory, 'layer.tar');
    await mkdir(join(this.#directory, 'blobs/sha256'), { recursive: true });
    const reproducible = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
    await exec('tar', [...reproducible, '-cf', file, '-C', folder, '.']);
    const digest = await sha256(file);
    const { size } = await stat(file);
    await rename(file, this.#blob(digest));
    return { digest, size };
  }

  /** Adds an image made of layers of this layout. */
  async addImage({ name, layers, entrypoint }: Image): Promise<void> {
    const config = await this.#addDocument('application/vnd.oci.image.config.v1+json', {
      architecture: goArch,
      os: 'linux',
      config: { Env: [path], ...(entrypoint && { Entrypoint: entrypoint }) },
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = await this.#addDocument(mediaType, {
      schemaVersion: 2,
      mediaType,
      config,
      layers: layers.map((layer) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer })),
    });
    // containerd names an image by this annotation.
    this.#manifests.push({ ...manifest, annotations: { 'io.containerd.image.name': name } });
  }

  /** Writes all that was added as one archive, as `ctr images import` reads it. */
  async write(archive: string): Promise<void> {
    const index = { schemaVersion: 2, manifests: this.#manifests };
    await writeFile(join(this.#directory, 'index.json'), JSON.stringify(index));
    await writeFile(join(this.#directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    await exec('tar', ['-cf', archive, '-C', this.#directory, 'oci-layout', 'index.json', 'blobs']);
  }

  async #addDocument(mediaType: string, content: object): Promise<Descriptor> {
    const text = JSON.stringify(content);
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    await writeFile(this.#blob(digest), text);
    return { mediaType, digest, size: Buffer.byteLength(text) };
  }

  #blob(digest: string): string {
    return join(this.#directory, 'blobs', digest.replace(':', '/'));
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest('hex')}`;
}
