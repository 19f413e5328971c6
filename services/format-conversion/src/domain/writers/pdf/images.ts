import type { PDFImage } from 'pdf-lib';
import type { Block } from '../../document/block.ts';
import type { Image } from '../../document/inline.ts';
import { imageFacts } from '../../image/dimensions.ts';
import type { Frame, Rendering } from './rendering.ts';
import { theme } from './theme.ts';

/** The pictures of a paragraph that holds nothing else. */
export function picturesIn(block: Block): Image[] {
  if (block.type !== 'paragraph') return [];
  const visible = block.children.filter((inline) => inline.type !== 'text' || inline.text.trim() !== '');
  const pictures = visible.map((inline) =>
    inline.type === 'link' && inline.children.length === 1 ? inline.children[0] : inline,
  );
  return pictures.every((inline) => inline?.type === 'image')
    ? pictures.filter((inline) => inline?.type === 'image')
    : [];
}

/** Draws a picture, no wider than the frame and no higher than half a page. False when it cannot be embedded. */
export async function drawPicture(
  { source }: Image,
  { file, canvas, document, context }: Rendering,
  frame: Frame,
): Promise<boolean> {
  const data = source.kind === 'asset' ? document.assets[source.assetId]?.data : undefined;
  const image =
    data && (await embed(data, (bytes, kind) => (kind === 'png' ? file.embedPng(bytes) : file.embedJpg(bytes))));
  if (!image) {
    context.warnings.add(
      'IMAGE_NOT_EMBEDDED',
      'A picture could not be embedded; its alternative text stands in its place.',
    );
    return false;
  }
  // 96 pixels to the inch.
  const scale = Math.min(0.75, frame.width / image.width, canvas.pageHeight / 2 / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  canvas.require(height);
  canvas.image(image, frame.left, width, height);
  canvas.y += height + theme.gap;
  return true;
}

async function embed(
  data: Uint8Array,
  embedBytes: (bytes: Uint8Array, kind: 'png' | 'jpg') => Promise<PDFImage>,
): Promise<PDFImage | undefined> {
  const facts = imageFacts(data);
  if (facts?.kind !== 'png' && facts?.kind !== 'jpg') return undefined;
  try {
    return await embedBytes(data, facts.kind);
  } catch {
    // A damaged picture is no reason to lose the document.
    return undefined;
  }
}
