import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { exchangeOf } from '@genai-platform/common';

/** Makes a page of the platform's document; needs nothing from anywhere else. */
const SCRIPT = `
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const element = (name, text, parent) => {
  const made = document.createElement(name);
  made.textContent = text;
  parent.append(made);
  return made;
};
const resolve = (api, node) => node?.$ref
  ? resolve(api, node.$ref.slice(2).split('/').reduce((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], api))
  : node;
const show = (api, parent, title, schema) => {
  if (!schema) return;
  element('h4', title, parent);
  element('pre', JSON.stringify(resolve(api, schema), undefined, 1), parent);
};
const operation = (api, path, method, spec, parent) => {
  const details = element('details', '', parent);
  const summary = element('summary', '', details);
  element('code', method.toUpperCase() + ' ' + path, summary);
  element('span', ' ' + (spec.summary ?? ''), summary);
  if (spec.description) element('p', spec.description, details);
  for (const parameter of spec.parameters ?? []) {
    const { name, in: where, required, description = '' } = resolve(api, parameter);
    element('p', where + ' ' + name + (required ? ' (needed) ' : ' ') + description, details);
  }
  const body = resolve(api, spec.requestBody);
  for (const [type, { schema }] of Object.entries(body?.content ?? {})) show(api, details, 'Request, ' + type, schema);
  for (const [status, given] of Object.entries(spec.responses ?? {})) {
    const reply = resolve(api, given);
    element('p', status + ' ' + (reply.description ?? ''), details);
    for (const [type, { schema }] of Object.entries(reply.content ?? {})) show(api, details, type, schema);
  }
};
const main = document.querySelector('main');
fetch('/openapi.json').then((reply) => reply.json()).then((api) => {
  main.replaceChildren();
  element('h1', api.info.title + ' ' + api.info.version, main);
  element('p', api.info.description ?? '', main);
  const sections = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const tag = item[method].tags?.[0] ?? 'gateway';
      if (!sections.has(tag)) sections.set(tag, element('section', '', main));
      const section = sections.get(tag);
      if (!section.firstElementChild) element('h2', tag, section);
      operation(api, path, method, item[method], section);
    }
  }
}, () => { main.textContent = 'The document cannot be read right now.'; });
`;

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
summary { cursor: pointer; padding: .3rem 0; }
pre { background: #f4f4f4; padding: .5rem; overflow: auto; max-height: 20rem; }
`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const POLICY = [
  "default-src 'none'",
  `script-src ${hash(SCRIPT)}`,
  `style-src ${hash(STYLE)}`,
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
<style>${STYLE}</style>
</head>
<body>
<main>Reading <a href="/openapi.json">/openapi.json</a> …</main>
<script>${SCRIPT}</script>
</body>
</html>
`;

/** `GET /docs`: the merged document as a page. Its policy allows exactly its own script and style. */
export const docsPage: RequestHandler = (req, res, next) => {
  if (req.path !== '/docs' || (req.method !== 'GET' && req.method !== 'HEAD')) {
    next();
    return;
  }
  exchangeOf(res).route = '/docs';
  res.setHeader('content-security-policy', POLICY);
  res.setHeader('cache-control', 'public, max-age=300');
  res.setHeader('content-type', 'text/html; charset=utf-8').end(req.method === 'HEAD' ? undefined : PAGE);
};
