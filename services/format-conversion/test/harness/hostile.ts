import { deflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { officePackage, part, wordDocument } from './office.ts';

/** An archive whose directory is honest about how much it inflates to. */
export function zipBomb(mebibytes: number): Uint8Array {
  const zeros = new Uint8Array(1024 * 1024);
  const entries = Array.from({ length: mebibytes }, (_, index) => [`word/${index}.xml`, [zeros, { level: 9 }]]);
  return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]);
}

/** A Word document whose main part inflates to more than the directory says. */
export function lyingZip(): Uint8Array {
  const archive = Buffer.from(wordDocument('<w:p/>'));
  const body = deflateRawSync(Buffer.alloc(50_000_000, 'x'));
  const name = 'word/document.xml';
  const local = Buffer.alloc(30 + name.length);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(body.length, 18);
  local.writeUInt32LE(100, 22);
  local.writeUInt16LE(name.length, 26);
  local.write(name, 30);
  // The directory's entry of the main part now leads to the stream behind the archive.
  const end = archive.lastIndexOf(Buffer.from('504b0506', 'hex'));
  const directory = archive.readUInt32LE(end + 16);
  const entry = archive.indexOf(name, directory) - 46;
  archive.writeUInt32LE(body.length, entry + 20);
  archive.writeUInt32LE(100, entry + 24);
  archive.writeUInt32LE(directory, entry + 42);
  const moved = Buffer.from(archive.subarray(directory));
  moved.writeUInt32LE(directory + local.length + body.length, moved.length - 6);
  return Buffer.concat([archive.subarray(0, directory), local, body, moved]);
}

/** A Word document whose main part begins with the given declaration. */
export function withDoctype(declaration: string, body: string): Uint8Array {
  const content = part('w:document', `<w:body><w:p><w:r><w:t>${body}</w:t></w:r></w:p></w:body>`).replace(
    '?>\n',
    `?>\n${declaration}`,
  );
  return officePackage('word/document.xml', { 'word/document.xml': content });
}

export const billionLaughs = withDoctype(
  `<!DOCTYPE w [<!ENTITY a "lol">${Array.from({ length: 9 }, (_, index) => `<!ENTITY ${'bcdefghij'[index]} "${`&${'abcdefghi'[index]};`.repeat(10)}">`).join('')}]>`,
  '&j;',
);

export const externalEntity = withDoctype('<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '&x;');

/** Tables inside tables, which readers walk recursively. */
export function nestedTables(depth: number): Uint8Array {
  return wordDocument(`${'<w:tbl><w:tr><w:tc>'.repeat(depth)}<w:p/>${'</w:tc></w:tr></w:tbl>'.repeat(depth)}`);
}

/** The skeleton of a PDF with many pages, too small to be suspicious by its size. */
export function pdfOfPages(count: number): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${count} /Kids [${'3 0 R '.repeat(count)}] >>`,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>',
  ];
  return assemblePdf(objects);
}

/** A PDF whose only page inflates to a hundred megabytes of operators. */
export function pdfBomb(): Uint8Array {
  const content = deflateRawSync(Buffer.alloc(100_000_000, 'q Q '), { level: 9 });
  const zlib = Buffer.concat([Buffer.from('789c', 'hex'), content]);
  return assemblePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>',
    Buffer.concat([
      Buffer.from(`<< /Length ${zlib.length} /Filter /FlateDecode >>\nstream\n`),
      zlib,
      Buffer.from('\nendstream'),
    ]),
  ]);
}

export const encryptedPdf = assemblePdf(
  [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Count 0 /Kids [] >>',
    `<< /Filter /Standard /V 1 /R 2 /P -44 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> >>`,
  ],
  '/Encrypt 3 0 R /ID [<00><00>]',
);

function assemblePdf(objects: readonly (string | Buffer)[], trailer = ''): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  objects.forEach((object, index) => {
    offsets.push(length);
    const written = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(written);
    length += written.length;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join('')}`;
  parts.push(
    Buffer.from(
      `${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** The beginning of an OLE file that holds an encrypted Office document (MS-OFFCRYPTO). */
export const encryptedOffice: Uint8Array = Buffer.concat([
  Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  Buffer.alloc(504),
  Buffer.from('EncryptedPackage', 'utf16le'),
  Buffer.alloc(400),
]);
