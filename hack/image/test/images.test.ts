import { mkdtempSync, rmSync, writeFileSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeVersion } from '../files.ts';
import { operatorHelmFlags, platformImagesYaml } from '../push-images.ts';
import { imageRecipes, selectImages } from '../recipes.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('the images', () => {
  const names = imageRecipes().map(({ name }) => name);

  test('are one for each workspace with a Dockerfile, and the two databases', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'genai-platform-operator',
        'genai-platform-gateway',
        'genai-platform-search',
        'genai-platform-postgres',
        'genai-platform-valkey',
      ]),
    );
  });

  test('may be chosen by their short names', () => {
    expect(selectImages(['search', 'genai-platform-valkey']).map(({ name }) => name)).toEqual([
      'genai-platform-search',
      'genai-platform-valkey',
    ]);
  });

  test('that do not exist are answered with those that do', () => {
    expect(() => selectImages(['serach'])).toThrow(/no image "serach"\. There are: .*genai-platform-search/);
  });

  test.each(imageRecipes().filter(({ base }) => base === 'node'))(
    '$name runs as a user without rights, from a base that anyone can pull',
    ({ dockerfile }) => {
      const text = readFileSync(dockerfile, 'utf8');
      expect(text).toContain('ARG BASE=gcr.io/distroless/nodejs24-debian13:nonroot');
      expect(text).toContain('USER 65532:65532');
    },
  );
});

describe('a version by content', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tree-'));
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a/one'), '1');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('stays when a file is written again with the same content', async () => {
    const before = await treeVersion([folder]);
    writeFileSync(join(folder, 'a/one'), '1');
    expect(await treeVersion([folder])).toBe(before);
  });

  test.each([
    ['changed', (): void => writeFileSync(join(folder, 'a/one'), '2')],
    ['added', (): void => writeFileSync(join(folder, 'a/two'), '')],
    ['removed', (): void => rmSync(join(folder, 'a/one'))],
  ])('is another when a file is %s', async (_what, change) => {
    const before = await treeVersion([folder]);
    change();
    expect(await treeVersion([folder])).not.toBe(before);
  });
});

describe('after a push', () => {
  const pushed = [
    { name: 'genai-platform-operator', registry: 'registry.example.com/team', digest },
    { name: 'genai-platform-format-conversion', registry: 'registry.example.com/team', digest },
  ];

  test('a GenAIPlatform is told the digests by the names of its fields', () => {
    expect(platformImagesYaml('registry.example.com/team', pushed)).toBe(
      [
        'spec:',
        '  images:',
        '    registry: registry.example.com/team',
        '    overrides:',
        `      formatConversion: { digest: ${digest} }`,
        '',
      ].join('\n'),
    );
  });

  test("Helm is told the operator's", () => {
    expect(operatorHelmFlags(pushed)).toBe(
      `--set image.registry=registry.example.com/team --set image.digest=${digest}`,
    );
    expect(operatorHelmFlags(pushed.slice(1))).toBeUndefined();
  });
});
