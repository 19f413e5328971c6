import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../../machine/exec.ts';
import { OciLayout } from '../node-image/oci-archive.ts';

interface Document {
  manifests: Array<{ digest: string; annotations: Record<string, string> }>;
  layers: Array<{ digest: string }>;
  config: { digest: string; Entrypoint?: string[] };
  rootfs: { diff_ids: string[] };
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'genai-oci-'));
  await mkdir(join(directory, 'content'));
  await writeFile(join(directory, 'content', 'program'), 'content');
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('images that share a layer hold it once, under the names they were given', async () => {
  const layout = new OciLayout(join(directory, 'layout'));
  const layer = await layout.addLayer(join(directory, 'content'));
  await layout.addImage({ name: 'example.com/a:1', layers: [layer] });
  await layout.addImage({ name: 'example.com/b:1', layers: [layer], entrypoint: ['/program'] });
  await layout.write(join(directory, 'images.tar'));

  const unpacked = join(directory, 'unpacked');
  await mkdir(unpacked);
  await exec('tar', ['-xf', join(directory, 'images.tar'), '-C', unpacked]);
  const read = async (path: string): Promise<Document> =>
    JSON.parse(await readFile(join(unpacked, path), 'utf8')) as Document;
  const blob = (digest: string): Promise<Document> => read(join('blobs', digest.replace(':', '/')));

  const { manifests } = await read('index.json');
  expect(manifests.map(({ annotations }) => annotations['io.containerd.image.name'])).toEqual([
    'example.com/a:1',
    'example.com/b:1',
  ]);
  for (const { digest } of manifests) {
    const manifest = await blob(digest);
    expect(manifest.layers[0]?.digest).toBe(layer.digest);
    expect((await blob(manifest.config.digest)).rootfs.diff_ids).toEqual([layer.digest]);
  }
});

test('the digest of a layer follows from its content, not from when it was written', async () => {
  const digest = async (name: string): Promise<string> =>
    (await new OciLayout(join(directory, name)).addLayer(join(directory, 'content'))).digest;
  const first = await digest('one');
  await utimes(join(directory, 'content', 'program'), 1, 1);
  expect(await digest('two')).toBe(first);
});
