import { Archive } from '../archive/archive.ts';
import type { FormatName } from '../formats.ts';
import type { Limits } from '../limits.ts';

/** What an archive turns out to hold; a name for people where it is nothing we read. */
export interface ContainerFinding {
  format?: FormatName;
  mediaType: string;
  description: string;
}

const OFFICE = [
  ['word/', 'docx', 'Word document'],
  ['ppt/', 'pptx', 'PowerPoint presentation'],
  ['xl/', 'xlsx', 'Excel workbook'],
] as const;

/** Looks into a ZIP archive. Office packages keep their main part in a folder by kind; EPUB names itself. */
export function sniffContainer(input: Uint8Array, limits: Limits): ContainerFinding {
  const archive = new Archive(input, limits);
  const names = archive.names();
  if (archive.has('[Content_Types].xml')) {
    const office = OFFICE.find(([folder]) => names.some((name) => name.startsWith(folder)));
    if (office) return { format: office[1], mediaType: 'application/zip', description: office[2] };
  }
  const own = archive.has('mimetype') ? Buffer.from(archive.require('mimetype')).toString('latin1').trim() : '';
  if (own === 'application/epub+zip' || archive.has('META-INF/container.xml')) {
    return { format: 'epub', mediaType: 'application/epub+zip', description: 'EPUB' };
  }
  if (/^application\/vnd\.oasis\.opendocument/.test(own)) return { mediaType: own, description: 'OpenDocument file' };
  return { mediaType: 'application/zip', description: 'ZIP archive' };
}
