import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Router, static as serveFiles } from 'express';
import { exchangeOf } from '@genai-platform/common';

const DAY_MS = 86_400_000;
const DIRECTORY = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** Of the package's files, those that the page asks for. */
const FILES: ReadonlySet<string> = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png']);

/** Paths are told from the page's own, so that it also works behind a proxy that adds a prefix. */
const SCRIPT = `
window.ui = SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  requestSnippetsEnabled: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

const STYLE = `
body { margin: 0; }
`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const POLICY = [
  "default-src 'none'",
  `script-src 'self' ${hash(SCRIPT)}`,
  `style-src 'self' ${hash(STYLE)}`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>API of the platform</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<style>${STYLE}</style>
</head>
<body>
<div id="api"><noscript>This page needs scripts; the document itself is <a href="openapi.json">openapi.json</a>.</noscript></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>${SCRIPT}</script>
</body>
</html>
`;

/**
 * `GET /docs`: the document of all services in Swagger UI, which can also send requests: with a token or key that is put
 * in there and stays in the page. Everything comes from here; the policy allows nothing else.
 */
export function docsPage(): Router {
  const router = Router({ strict: true, caseSensitive: true });
  router.get('/docs/', (_req, res) => res.redirect(308, '../docs'));
  router.get('/docs', (_req, res) => {
    exchangeOf(res).route = '/docs';
    res.setHeader('content-security-policy', POLICY);
    res.setHeader('cache-control', 'public, max-age=300');
    res.type('html').send(PAGE);
  });
  const files = serveFiles(DIRECTORY, { index: false, redirect: false, maxAge: DAY_MS, fallthrough: false });
  router.use('/docs/', (req, res, next) => {
    if (!FILES.has(req.path)) return next();
    exchangeOf(res).route = '/docs/{file}';
    return files(req, res, next);
  });
  return router;
}
