import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { AdvisedError } from '../../machine/advice.ts';
import { Addresses, choosePort } from '../addresses.ts';
import { readable } from '../log-lines.ts';
import { developmentPlatform } from '../platform.ts';

const addresses = new Addresses([
  { host: 'dev-postgres.dev.svc', port: 5432, localPort: 45432 },
  { host: 'dev-search.dev.svc', port: 8004, localPort: 8004 },
]);

test('a host alone becomes localhost, the name in its certificate, and its port follows', () => {
  expect(
    addresses.localise({ DATABASE_HOST: 'dev-postgres.dev.svc', DATABASE_PORT: '5432', OTHER_PORT: '5432' }),
  ).toEqual({
    DATABASE_HOST: 'localhost',
    DATABASE_PORT: '45432',
    OTHER_PORT: '5432',
  });
});

test('an address inside a list is replaced in its place', () => {
  const routes = JSON.stringify([{ service: 'search', url: 'http://dev-search.dev.svc:8004' }]);
  expect(addresses.localise({ GATEWAY_ROUTES: routes })).toEqual({
    GATEWAY_ROUTES: '[{"service":"search","url":"http://127.0.0.1:8004"}]',
  });
});

test('a port that somebody listens on is not chosen', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const chosen = await choosePort(port);
  await new Promise((resolve) => server.close(resolve));
  expect(chosen).not.toBe(port);
  expect(await choosePort(port)).toBe(port);
});

describe('the platform to develop on', () => {
  const enabled = (names: string[]): unknown => developmentPlatform(names).spec.services;

  test('is everything when nothing is named', () => {
    expect(enabled([])).toEqual({
      formatConversion: { enabled: true },
      search: { enabled: true },
      llmRouter: { enabled: true },
      rag: { enabled: true },
    });
  });

  test('is the named services otherwise', () => {
    expect(enabled(['search'])).toEqual({
      formatConversion: { enabled: false },
      search: { enabled: true },
      llmRouter: { enabled: false },
      rag: { enabled: false },
    });
  });

  test('says which services there are when one is misspelt', () => {
    const advice = (): unknown => {
      try {
        return developmentPlatform(['serach']);
      } catch (error) {
        return error instanceof AdvisedError ? error.advice : error;
      }
    };
    expect(advice()).toMatch(/Choose from: .*search/);
  });
});

describe('a log line on a terminal', () => {
  // eslint-disable-next-line no-control-regex
  const plain = (line: string): string => readable(line).replaceAll(/\u001b\[\d+m/g, '');

  test('tells time, level, message and what else there is', () => {
    const line = {
      level: 'warn',
      time: '2026-01-02T03:04:05.678Z',
      service: 'search',
      message: 'slow',
      duration_ms: 12.5,
    };
    expect(plain(JSON.stringify(line))).toBe('03:04:05.678 WARN  slow duration_ms=12.5');
  });

  test.each(['plain words', '{"broken":', ''])('stays as it is when it is no JSON: %j', (line) => {
    expect(plain(line)).toBe(line);
  });
});
