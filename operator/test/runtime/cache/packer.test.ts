import { array, assert, jsonValue, property } from 'fast-check';
import { Packer } from '../../../src/runtime/cache/packer.ts';

/** As an API server would say it of the many Services of many platforms. */
function aService(number: number): string {
  const name = `platform-${number}-search`;
  const labels = { 'app.kubernetes.io/name': 'search', 'app.kubernetes.io/instance': name };
  const uid = `7f1c2a0e-5b1d-4c55-9d7c-${String(number * 7_919).padStart(12, '0')}`;
  const spec = { type: 'ClusterIP', clusterIP: `10.0.3.${number % 250}`, ports: [{ name: 'http', port: 80 }] };
  const annotations = { 'genaiplatform.io/description': 'what it is for, in some words that are the same for all' };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name, uid, labels, annotations }, spec });
}

test('objects of a kind take a fraction of their size once enough of them are known', () => {
  const packer = new Packer();
  const texts = Array.from({ length: 400 }, (_unused, number) => aService(number));
  const packed = texts.map((text) => packer.pack(text));
  expect(packed[0]).toBeUndefined();
  expect(packed.at(-1)?.length).toBeLessThan((texts.at(-1)?.length ?? 0) / 5);
  packed.forEach((small, at) => {
    if (small !== undefined) expect(packer.unpack(small)).toBe(texts[at]);
  });
});

test('whatever is packed comes back as it was', () => {
  const packer = new Packer();
  while (packer.pack(aService(1)) === undefined);
  assert(
    property(array(jsonValue({ maxDepth: 4 })), (values) => {
      const text = JSON.stringify(values);
      expect(packer.unpack(packer.pack(text) ?? '')).toBe(text);
    }),
  );
});
