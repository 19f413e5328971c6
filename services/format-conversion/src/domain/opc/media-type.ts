const BY_EXTENSION: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  emf: 'image/emf',
  wmf: 'image/wmf',
};

/** Media type of an image part by its name; office packages name them reliably. */
export function imageMediaType(part: string): string {
  return BY_EXTENSION[part.slice(part.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
