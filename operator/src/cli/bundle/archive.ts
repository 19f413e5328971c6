import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** A `.tar.gz` that is written file by file. */
export class Archive {
  readonly #pack = pack();
  readonly #written: Promise<void>;
  readonly #folder: string;
  files = 0;

  private constructor(file: FileHandle, folder: string) {
    this.#folder = folder;
    this.#written = pipeline(this.#pack, createGzip(), file.createWriteStream());
    this.#written.catch(() => undefined); // told by `add` and `end`
  }

  /**
   * @param path of the archive; only its owner may read it. A file of this name may hold somebody's evidence and is never
   *   written over.
   * @param folder that all files are in
   */
  static async create(path: string, folder: string): Promise<Archive> {
    return new Archive(await open(path, 'wx', 0o600), folder);
  }

  async add(name: string, content: string): Promise<void> {
    const header = { name: `${this.#folder}/${name}`, mode: 0o600, mtime: new Date() };
    const entered = new Promise<void>((resolve, reject) => {
      this.#pack.entry(header, content, (error) => (error ? reject(error) : resolve()));
    });
    await Promise.race([entered, this.#written]);
    this.files += 1;
  }

  /** @throws Error when it could not be written */
  async end(): Promise<void> {
    this.#pack.finalize();
    await this.#written;
  }
}
