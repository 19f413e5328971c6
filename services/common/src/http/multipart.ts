import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { AppError } from '../errors.ts';
import { bodyStream, tooLarge } from './body-stream.ts';
import type { Fingerprint } from './fingerprint.ts';
import { PartQueue } from './part-queue.ts';

export interface MultipartOptions {
  /** 1 by default. */
  readonly maxFiles?: number;
  /** The route's `maxBodyBytes` by default. */
  readonly maxFileBytes?: number;
  /** 64 by default. */
  readonly maxFields?: number;
  /** 64 KiB by default. */
  readonly maxFieldBytes?: number;
  /** The names of the form's parts, for the documentation. */
  readonly documentation?: Readonly<Record<string, { description: string; file?: boolean; required?: boolean }>>;
}

export interface FieldPart {
  readonly kind: 'field';
  readonly name: string;
  readonly value: string;
}

export interface FilePart {
  readonly kind: 'file';
  readonly name: string;
  /** As the client named it, without folders; may be empty. Personal data. */
  readonly filename: string;
  readonly contentType: string;
  /** Has to be read to its end, or resumed, before the next part comes. */
  readonly stream: Readable;
}

export interface BufferedFile {
  readonly name: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A multipart/form-data body (RFC 7578), bounded in every direction. */
export class Multipart {
  readonly #req: IncomingMessage;
  readonly #maxBytes: number;
  readonly #options: MultipartOptions;
  readonly #fingerprint: Fingerprint | undefined;

  constructor(req: IncomingMessage, maxBytes: number, options: MultipartOptions, fingerprint?: Fingerprint) {
    this.#req = req;
    this.#fingerprint = fingerprint;
    this.#maxBytes = maxBytes;
    this.#options = options;
  }

  /** The parts as they arrive. To be taken once. @throws AppError 400, 413 */
  async *parts(): AsyncGenerator<FieldPart | FilePart, void, void> {
    const { maxFiles = 1, maxFileBytes = this.#maxBytes, maxFields = 64, maxFieldBytes = 65_536 } = this.#options;
    const queue = new PartQueue<FieldPart | FilePart>();
    const limits = { files: maxFiles, fileSize: maxFileBytes, fields: maxFields, fieldSize: maxFieldBytes };
    const parser = this.#parser({ ...limits, parts: maxFiles + maxFields, headerPairs: 32 });
    parser.on('file', (name, stream, { filename, mimeType }) => {
      this.#fingerprint?.update(`\0file\0${name}\0${filename}\0${mimeType}\0`);
      const bounded = this.#boundFile(stream, maxFileBytes);
      bounded.once('error', (error) => queue.fail(error));
      queue.push({ kind: 'file', name: name ?? '', filename: filename ?? '', contentType: mimeType, stream: bounded });
    });
    parser.on('field', (name, value, { valueTruncated }) => {
      this.#fingerprint?.update(`\0field\0${name}\0${value}\0`);
      if (valueTruncated) queue.fail(tooMuch(`the field is larger than ${maxFieldBytes} bytes`));
      else queue.push({ kind: 'field', name, value });
    });
    parser.on('filesLimit', () => queue.fail(tooMuch(`the form has more than ${maxFiles} files`)));
    parser.on('fieldsLimit', () => queue.fail(tooMuch(`the form has more than ${maxFields} fields`)));
    parser.on('partsLimit', () => queue.fail(tooMuch(`the form has too many parts`)));
    parser.on('error', (cause) => queue.fail(malformed(cause)));
    parser.on('close', () => queue.end());
    const source = bodyStream(this.#req, this.#maxBytes);
    source.once('error', (error) => {
      queue.fail(error);
      parser.destroy();
    });
    source.pipe(parser);
    try {
      yield* queue;
    } finally {
      source.unpipe(parser);
    }
  }

  /** All parts, in memory: no more than the route's `maxBodyBytes` together. @throws AppError 400, 413 */
  async read(): Promise<{ fields: Record<string, string>; files: BufferedFile[] }> {
    const fields: Record<string, string> = {};
    const files: BufferedFile[] = [];
    for await (const part of this.parts()) {
      if (part.kind === 'field') {
        fields[part.name] = part.value;
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of part.stream) chunks.push(chunk as Buffer);
      const { name, filename, contentType } = part;
      files.push({ name, filename, contentType, bytes: Buffer.concat(chunks) });
    }
    return { fields, files };
  }

  /** busboy cuts a file that is too large, and a form that ends too early, with errors of its own making. */
  #boundFile(file: Readable, maxFileBytes: number): Readable {
    const fingerprint = this.#fingerprint;
    const bounded = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        fingerprint?.update(chunk);
        done(null, chunk);
      },
    });
    file.once('limit', () => bounded.destroy(tooLarge(maxFileBytes)));
    file.once('error', (cause) => bounded.destroy(malformed(cause)));
    return file.pipe(bounded);
  }

  #parser(limits: busboy.Limits): busboy.Busboy {
    try {
      return busboy({ headers: this.#req.headers, limits, defParamCharset: 'utf8' });
    } catch (cause) {
      throw malformed(cause);
    }
  }
}

function tooMuch(detail: string): AppError {
  return new AppError('BODY_TOO_LARGE', { status: 413, detail });
}

function malformed(cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message.toLowerCase() : 'unreadable';
  return new AppError('REQUEST_MALFORMED', { status: 400, detail: `the form is malformed: ${reason}`, cause });
}
