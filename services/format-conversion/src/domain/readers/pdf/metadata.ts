import type { Metadata } from '../../document/document.ts';

/** The document information dictionary (ISO 32000-2, section 14.3.3) as pdf.js gives it. */
export function readMetadata({ info }: { info: unknown }): Metadata {
  const facts = info as Record<string, unknown>;
  const value = (name: string): string => (typeof facts[name] === 'string' ? facts[name].trim() : '');
  const [title, author, subject, keywords, language] = ['Title', 'Author', 'Subject', 'Keywords', 'Language'].map(
    value,
  );
  const [created, modified] = [dateOf(value('CreationDate')), dateOf(value('ModDate'))];
  return {
    ...(title ? { title } : {}),
    ...(author ? { authors: [author] } : {}),
    ...(subject ? { subject } : {}),
    ...(keywords ? { keywords: keywords.split(/[,;]\s*/) } : {}),
    ...(language ? { language } : {}),
    ...(created ? { created } : {}),
    ...(modified ? { modified } : {}),
  };
}

/** `D:20230503094512+02'00'` (section 7.9.4) as RFC 3339. */
function dateOf(value: string): string | undefined {
  const [, year, rest = '', zone = ''] = /^D:(\d{4})(\d{0,10})(.*)$/.exec(value) ?? [];
  if (year === undefined) return undefined;
  const [month, day, hour, minute, second] = [0, 1, 2, 3, 4].map(
    (part) => rest.slice(2 * part, 2 * part + 2) || (part < 2 ? '01' : '00'),
  );
  const [, sign, hours, minutes] = /^([+-])(\d\d)'?(\d\d)?/.exec(zone) ?? [];
  const offset = sign === undefined ? 'Z' : `${sign}${hours}:${minutes ?? '00'}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`;
}
