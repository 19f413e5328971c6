import type { Asset, Document } from '../../document/document.ts';
import type { Image } from '../../document/inline.ts';

/** Text that is collected apart from the body: style names, the title, a field's instruction, picture data. */
export class Collected {
  readonly #headings = new Map<number, number>();
  text = '';
  picture: 'image/png' | 'image/jpeg' | undefined;

  /** Ends an entry of the style sheet, such as `heading 1;`. Level 1 is the title's, as in Word documents. */
  style(id: number | undefined): void {
    const name = this.text.replace(/;.*$/s, '').trim().toLowerCase();
    const level = /^heading ([1-9])$/.exec(name)?.[1];
    if (name === 'title') this.#headings.set(id ?? 0, 1);
    else if (level !== undefined) this.#headings.set(id ?? 0, Math.min(Number(level) + 1, 6));
    this.text = '';
  }

  headingLevel(style: number | undefined, outlineLevel: number | undefined): number | undefined {
    const named = style === undefined ? undefined : this.#headings.get(style);
    return named ?? (outlineLevel !== undefined && outlineLevel < 9 ? Math.min(outlineLevel + 2, 6) : undefined);
  }

  /** The address in a field's instruction. */
  hyperlink(): string | undefined {
    return /HYPERLINK\s+"([^"]+)"/i.exec(this.text)?.[1];
  }

  /** A picture whose data was collected as hexadecimal digits. */
  takePicture(document: Document): Image {
    const data = Buffer.from(this.text.replace(/[^0-9a-f]/gi, ''), 'hex');
    const mediaType = this.picture;
    this.picture = undefined;
    this.text = '';
    if (!mediaType || data.length === 0)
      return {
        type: 'image',
        source: { kind: 'unavailable', reason: 'the kind of picture is not supported' },
        alt: '',
      };
    const assetId = `image-${Object.keys(document.assets).length + 1}`;
    const asset: Asset = { mediaType, data };
    document.assets[assetId] = asset;
    return { type: 'image', source: { kind: 'asset', assetId }, alt: '' };
  }
}
