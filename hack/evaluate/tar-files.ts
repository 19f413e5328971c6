/** The regular files of a tar archive (POSIX ustar). */
export function filesInTar(tar: Buffer): { name: string; bytes: Buffer }[] {
  const files: { name: string; bytes: Buffer }[] = [];
  const BLOCK = 512;
  for (let at = 0; at + BLOCK <= tar.length;) {
    const text = (start: number, length: number): string =>
      tar
        .subarray(at + start, at + start + length)
        .toString('utf8')
        .split('\0', 1)[0] ?? '';
    const name = text(0, 100);
    if (name === '') break;
    const size = Number.parseInt(text(124, 12).trim(), 8);
    const kind = text(156, 1);
    const start = at + BLOCK;
    if (kind === '' || kind === '0') files.push({ name, bytes: tar.subarray(start, start + size) });
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
