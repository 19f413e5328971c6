import type { Metadata } from '../../document/document.ts';
import { attribute, escapeHtml } from './escape.ts';

const STYLE = `body{max-width:48rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}
table{border-collapse:collapse}th,td{border:1px solid #999;padding:.25rem .5rem;vertical-align:top}
pre{overflow:auto;padding:.75rem;background:#f4f4f4}blockquote{margin-left:0;padding-left:1rem;border-left:3px solid #999}
img{max-width:100%}`;

/** A whole HTML page around the fragment. */
export function page(body: string, metadata: Metadata): string {
  const { title, language, authors, subject, keywords } = metadata;
  const named = [
    ['author', authors?.join(', ')],
    ['description', subject],
    ['keywords', keywords?.join(', ')],
  ]
    .filter(([, content]) => content !== undefined)
    .map(([name = '', content = '']) => `<meta${attribute('name', name)}${attribute('content', content)} />\n`);
  return `<!DOCTYPE html>
<html${language === undefined ? '' : attribute('lang', language)}>
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>${escapeHtml(title ?? '')}</title>
${named.join('')}<style>${STYLE}</style>
</head>
<body>
${body}</body>
</html>
`;
}
