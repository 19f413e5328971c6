/** One step into an object: a field, an element of a list by its keys, or by its index. */
export type PathSegment =
  { readonly field: string } | { readonly keys: Readonly<Record<string, unknown>> } | { readonly index: number };

/** A place in an object: a chain from the innermost outwards, because most places are never printed. */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #segment: PathSegment;

  constructor(segment: PathSegment, parent?: FieldPath) {
    this.#segment = segment;
    this.#parent = parent;
  }

  into(segment: PathSegment): FieldPath {
    return new FieldPath(segment, this);
  }

  /** From the root. */
  segments(): PathSegment[] {
    const segments = this.#parent?.segments() ?? [];
    segments.push(this.#segment);
    return segments;
  }

  /** `spec.containers[name=app].args[0]` */
  text(): string {
    return this.segments().map(segmentText).join('').replace(/^\./, '');
  }

  /** Fields only: `spec.containers.args`. */
  schemaText(): string {
    return this.segments()
      .flatMap((segment) => ('field' in segment ? [segment.field] : []))
      .join('.');
  }

  /** The innermost field's name, elements of lists skipped. */
  field(): string {
    return 'field' in this.#segment ? this.#segment.field : (this.#parent?.field() ?? '');
  }

  /** The field around the innermost one. */
  parentField(): string {
    return 'field' in this.#segment ? (this.#parent?.field() ?? '') : (this.#parent?.parentField() ?? '');
  }
}

function segmentText(segment: PathSegment): string {
  if ('field' in segment)
    return /^[\w-]+$/.test(segment.field) ? `.${segment.field}` : `[${JSON.stringify(segment.field)}]`;
  if ('index' in segment) return `[${segment.index}]`;
  const keys = Object.entries(segment.keys).map(([name, value]) => `${name}=${String(value)}`);
  return `[${keys.join(',')}]`;
}

/** Whether a path's text is at or below one of the places. */
export function isWithin(text: string, places: readonly string[]): boolean {
  return places.some((place) => text === place || text.startsWith(`${place}.`) || text.startsWith(`${place}[`));
}
