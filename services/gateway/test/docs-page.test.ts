import type { Browser } from 'playwright-core';
import { startBrowser } from '../../../test/harness/browser.ts';
import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { startUpstream } from './harness/upstream-service.ts';
import type { UpstreamService } from './harness/upstream-service.ts';

const api = {
  openapi: '3.1.0',
  info: { title: 'echo', version: '1' },
  paths: {
    '/v1/echo': {
      post: {
        tags: ['Echo'],
        summary: 'Says it again',
        security: [{ bearer: [] }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Words' } } } },
        responses: { 200: { description: 'the same' } },
      },
    },
  },
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    schemas: { Words: { type: 'object', properties: { say: { type: 'string', example: 'hello' } } } },
  },
};
let browser: Browser;
let echo: UpstreamService;
let gateway: TestGateway;

beforeAll(async () => {
  echo = await startUpstream((req, res) => {
    if (req.url === '/openapi.json') {
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(api));
    } else req.pipe(res);
  });
  gateway = await startGateway({ echo: echo.url });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await gateway.close();
  await echo.close();
});

test('the page shows what all services answer, and sends a request with the key that is put in', async () => {
  const page = await browser.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && trouble.push(message.text())));
  page.on('request', (request) => void (request.url().startsWith(gateway.url) || trouble.push(request.url())));
  await page.goto(`${gateway.url}/docs`);
  await page.locator('.opblock-tag', { hasText: 'echo' }).click();
  await page.getByText('Says it again').click();
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  await page.locator('.modal-ux input').fill(gateway.apiKey);
  await page.locator('.modal-ux').getByRole('button', { name: 'Apply credentials' }).click();
  await page.locator('.modal-ux').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Execute' }).click();
  const reply = page.locator('.live-responses-table');
  await reply.locator('.response-col_status', { hasText: '200' }).waitFor();
  expect(await reply.innerText()).toContain('hello');
  expect(trouble).toEqual([]);
  await page.close();
});

test('nothing else of the package is served, and the page with a slash leads to the page', async () => {
  const statuses = await Promise.all(
    ['index.html', 'package.json', '../package.json', 'swagger-ui-bundle.js.map', 'swagger-ui.css'].map(
      async (file) => [file, (await fetch(`${gateway.url}/docs/${file}`)).status],
    ),
  );
  expect(statuses).toEqual([
    ['index.html', 404],
    ['package.json', 404],
    ['../package.json', 404],
    ['swagger-ui-bundle.js.map', 404],
    ['swagger-ui.css', 200],
  ]);
  const { status, headers } = await fetch(`${gateway.url}/docs/`, { redirect: 'manual' });
  expect([status, headers.get('location')]).toEqual([308, '../docs']);
});
