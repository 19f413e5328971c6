import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartPath } from './helm.ts';

/** Paths of all values; a map whose keys are the user's own, or an amount, is one value. */
function pathsOf(values: object, prefix = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const isLeaf =
      typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0;
    return isLeaf || /\.(requests|limits)$/.test(path) ? [path] : pathsOf(value as object, `${path}.`);
  });
}

test.each(['genai-operator', 'genai-platform'])('the README of %s explains every value', (chart) => {
  const values = parse(readFileSync(join(chartPath(chart), 'values.yaml'), 'utf8')) as object;
  const readme = readFileSync(join(chartPath(chart), 'README.md'), 'utf8');
  const explained = [...readme.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path);
  expect(pathsOf(values).filter((path) => !explained.includes(path))).toEqual([]);
});
